// Keeps the app on the phone. What is asked of the office goes out, and the last answer stands in when nothing comes back.
const VERSION = "{{ version }}";
const FILES = {{ files|safe }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

const fetched = async (request) => {
  const cache = await caches.open(VERSION);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  const ours = FILES.includes(pathname) || pathname.includes("/app/mine.json") || pathname.includes("/photos/");
  if (event.request.method === "GET" && ours) event.respondWith(fetched(event.request));
});
