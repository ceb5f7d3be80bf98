// The patrol on a phone: everything is kept here first, under a key of the phone's own, and sent when there is a signal.
import { all, count, get, put, remove } from "./store.js";

const at = (name) => document.getElementById(name);
const said = document.body.dataset;
const form = at("form");
const ASK_AGAIN = 60_000; // milliseconds
const PIECE = 20; // points of the way in one record
const BATCH = 100;
const SKEW = 120; // seconds that are said
let here = null; // the newest position
let stop = null; // what is being looked at: {plan, id}
let watch = null;
let way = [];
let token = "";
let busy = false;

const tell = (words, kind = "info") => {
  at("status").className = `notice ${kind}`;
  at("status").textContent = words;
  at("status").hidden = false;
};

const waiting = async () => {
  const left = (await count("records")) + (await count("photos"));
  tell(left ? `${left} ${said.saidWaiting}` : said.saidAll);
  document.body.dataset.waiting = left;
};

const keep = async (record) => {
  await put("records", { key: crypto.randomUUID(), at: Date.now() / 1000, ...record });
};

const flush = async () => {
  if (!way.length || !stop) return;
  const points = way;
  way = [];
  await keep({ kind: "track", plan: stop.plan, points });
};

const moved = (spot) => {
  const { longitude, latitude, accuracy } = spot.coords;
  here = { lon: longitude, lat: latitude, accuracy };
  if (watch === null) return;
  way.push([longitude, latitude, accuracy, spot.timestamp / 1000]);
  at("points").textContent = String(way.length);
  if (way.length >= PIECE) flush().then(waiting);
};

const track = () => {
  const button = at("track");
  if (watch === null) {
    watch = navigator.geolocation.watchPosition(moved, () => tell(said.saidNowhere, "warn"), { enableHighAccuracy: true });
    button.textContent = button.dataset.on;
  } else {
    navigator.geolocation.clearWatch(watch);
    watch = null;
    button.textContent = button.dataset.off;
    flush().then(waiting).then(sync);
  }
};

const placed = () =>
  new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(here);
    navigator.geolocation.getCurrentPosition(
      (spot) => {
        moved(spot);
        resolve(here);
      },
      () => resolve(here),
      { timeout: 5000, maximumAge: 15_000 },
    );
  });

const open = (plan, one) => {
  stop = { plan: plan.id, id: one.id };
  at("where").textContent = `${one.n}. ${one.name}`;
  at("look").textContent = one.look_at;
  at("compare").hidden = !one.last;
  at("after").hidden = true;
  if (one.last) at("before").src = one.last;
  form.hidden = false;
  form.scrollIntoView();
};

const draw = (plans) => {
  const list = at("plans");
  list.replaceChildren();
  if (!plans.length) list.textContent = said.saidNone;
  for (const plan of plans) {
    const head = document.createElement("h2");
    head.textContent = `${plan.name} · ${plan.on}`;
    list.append(head);
    for (const one of plan.stops) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button quiet patrol-stop";
      button.textContent = `${one.n}. ${one.name}${one.last_on ? ` · ${said.saidLast} ${one.last_on}` : ""}`;
      button.addEventListener("click", () => open(plan, one));
      list.append(button);
    }
  }
};

const plans = async () => {
  try {
    const answer = await fetch(said.mine, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error("signed out");
    const told = await answer.json();
    token = told.token;
    await put("kept", told.plans, "plans");
    told.plans.flatMap((plan) => plan.stops).forEach((one) => one.last && fetch(one.last).catch(() => {}));
    if (Math.abs(Date.now() / 1000 - told.now) > SKEW && navigator.onLine) tell(said.saidClock, "warn");
  } catch {
    // no signal, or signed out: what was seen last stands
  }
  draw((await get("kept", "plans")) ?? []);
};

const send = async (address, body) => {
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } });
  if (answer.redirected || answer.status === 403 || answer.status === 404) throw Object.assign(new Error("signed out"), { signedOut: true });
  return answer.json();
};

const records = async () => {
  const list = at("refused");
  const waits = (await all("records")).filter((one) => !one.refused);
  for (let from = 0; from < waits.length; from += BATCH) {
    const batch = waits.slice(from, from + BATCH);
    const told = await send(said.sync, JSON.stringify({ sent_at: Date.now() / 1000, records: batch }));
    for (const key of told.kept ?? []) await remove("records", key);
    for (const { key, why } of told.refused ?? []) {
      const one = batch.find((record) => record.key === key);
      await put("records", { ...one, refused: why });
      const line = document.createElement("li");
      line.textContent = why;
      list.append(line);
      list.hidden = false;
    }
  }
};

const photos = async () => {
  for (const { key, file } of await all("photos")) {
    if (await get("records", key)) continue; // its record is not there yet
    const body = new FormData();
    body.append("key", key);
    body.append("photo", file, "photo.jpg");
    const told = await send(said.photo, body);
    if (told.kept) await remove("photos", key);
  }
};

const sync = async () => {
  if (busy) return;
  busy = true;
  try {
    await flush();
    if (!token) await plans();
    await records();
    await photos();
    await waiting();
  } catch (error) {
    token = "";
    await waiting();
    tell(error.signedOut ? said.saidSignin : said.saidOffline, "warn");
  } finally {
    busy = false;
  }
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = new FormData(form);
  const spot = await placed();
  const key = crypto.randomUUID();
  const file = given.get("photo");
  if (file?.size) await put("photos", { key, file: new Blob([await file.arrayBuffer()], { type: file.type }) }, key);
  await keep({ key, kind: "visit", plan: stop.plan, stop: stop.id, finding: given.get("finding"), note: given.get("note"), ...spot });
  form.reset();
  at("after").hidden = true;
  await waiting();
  sync();
});

form.photo.addEventListener("change", () => {
  const [file] = form.photo.files;
  at("after").hidden = !file;
  if (file) at("after").src = URL.createObjectURL(file);
});
at("mix").addEventListener("input", () => {
  at("compare").dataset.mix = Math.round(at("mix").value / 10);
});
at("track").addEventListener("click", track);
at("sync").addEventListener("click", sync);
window.addEventListener("online", sync);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
setInterval(() => navigator.onLine && sync(), ASK_AGAIN);
if ("serviceWorker" in navigator) {
  await navigator.serviceWorker.register(said.worker).catch(() => {});
  navigator.serviceWorker.ready.then(() => {
    document.body.dataset.offline = "yes"; // from here on the page opens without a signal
  });
}
navigator.storage?.persist?.();
await plans();
await waiting();
document.body.dataset.ready = "yes";
if (navigator.onLine) sync();
