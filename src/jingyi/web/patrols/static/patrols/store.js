// What a phone keeps until the office has it: records, photos, the plans as last seen. IndexedDB survives a kill.
const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open("jingyi-patrols", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("records", { keyPath: "key" });
    asked.result.createObjectStore("photos");
    asked.result.createObjectStore("kept");
  };
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

const act = async (store, mode, work) => {
  const db = await opened;
  return new Promise((resolve, reject) => {
    const step = db.transaction(store, mode, { durability: "strict" });
    const asked = work(step.objectStore(store));
    step.oncomplete = () => resolve(asked.result);
    step.onerror = step.onabort = () => reject(step.error);
  });
};

export const put = (store, value, key) => act(store, "readwrite", (s) => (key === undefined ? s.put(value) : s.put(value, key)));
export const get = (store, key) => act(store, "readonly", (s) => s.get(key));
export const all = (store) => act(store, "readonly", (s) => s.getAll());
export const remove = (store, key) => act(store, "readwrite", (s) => s.delete(key));
export const count = (store) => act(store, "readonly", (s) => s.count());
