// Every [data-map] on the page becomes a map of the office's own vectors; no tile, no network beyond us.
// data-layers, data-places, data-leads, data-cases: addresses. data-place: a place's code.
// data-lon, data-lat, data-radius: one spot. data-draw: the field that takes what is drawn.
import { drawBase } from "./base.js";
import { drawMarks, drawPlaces } from "./marks.js";
import { draw as drawing, measure, warm } from "./tools.js";
import { answer, drawZones, followDay } from "./zones.js";

const L = window.L;
const json = async (url) => {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
};

function say(element, text) {
  const note = document.createElement("p");
  note.className = "map-note";
  note.setAttribute("role", "status");
  note.textContent = text;
  element.append(note);
}

function remembered() {
  const found = location.hash.match(/^#(\d+(?:\.\d+)?)\/(-?[\d.]+)\/(-?[\d.]+)$/);
  return found && { zoom: Number(found[1]), at: [Number(found[2]), Number(found[3])] };
}

function remember(map) {
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    const hash = `#${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}`;
    history.replaceState(history.state, "", location.pathname + location.search + hash);
  });
}

// A sheet says its scale: metres on the ground for one metre of paper, as browsers print 96 pixels an inch.
function sheet(map) {
  const shown = document.querySelector("[data-map-ratio]");
  const tell = () => {
    const { lat } = map.getCenter();
    const metres = (40_075_016.7 * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** map.getZoom());
    const ratio = Math.round((metres * 96) / 0.0254 / 1000) * 1000;
    shown.textContent = shown.dataset.words.replace("{n}", ratio.toLocaleString("en"));
  };
  map.on("zoomend moveend", tell);
  tell();
  const button = document.querySelector("[data-print-now]");
  button.hidden = false;
  button.addEventListener("click", () => print());
}

function spot(map, data) {
  const at = [Number(data.lat), Number(data.lon)];
  const radius = Number(data.radius || 0);
  if (radius) L.circle(at, { radius, className: "spot-reach", interactive: false }).addTo(map);
  L.circleMarker(at, { radius: 6, className: "spot", interactive: false }).addTo(map);
  const around = L.latLng(at).toBounds(Math.max(2500, radius * 2.6));
  map.fitBounds(around);
}

async function draw(element) {
  const data = element.dataset;
  element.closest("[hidden]")?.removeAttribute("hidden"); // what only scripts can use
  const large = "large" in data; // the map page, not a small map of one spot
  const map = L.map(element, {
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    wheelPxPerZoomLevel: 90,
    minZoom: 8,
    maxZoom: 18,
    zoomControl: large || "draw" in data,
    scrollWheelZoom: large,
    attributionControl: false,
    fadeAnimation: false,
  });
  L.control.attribution({ prefix: "Leaflet" }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
  const then = large && remembered();
  map.setView(then ? then.at : [35, 105], then ? then.zoom : 8, { animate: false });
  const base = await drawBase(map, data.layers, json);
  if (base.bounds.isValid()) {
    map.setMaxBounds(base.bounds.pad(0.35));
    if (!then) map.fitBounds(base.bounds, { padding: [8, 8], animate: false });
  } else if (large) say(element, data.empty);
  const places = data.places ? drawPlaces(map, await json(data.places)) : null;
  if (data.place) {
    const found = places?.byCode.get(data.place);
    if (found) {
      found.setStyle?.({ weight: 3 });
      map.fitBounds(found.getBounds().pad(0.6), { maxZoom: 14 });
    }
  }
  if (data.lat) spot(map, data);
  if (data.draw) drawing(map, document.querySelector(data.draw));
  if (large) {
    const zones = data.zones ? await drawZones(map, data.zones, json) : null;
    const more = [...(places?.groups || []), ...(zones?.groups || [])];
    const marks = await drawMarks(map, element, more, json, base.bounds.isValid());
    const heat = warm(map, marks.points);
    const days = { until: (day) => [marks, heat].forEach((one) => one.until(day)) };
    answer(map, [zones?.layer, places?.layer].filter(Boolean));
    followDay(zones?.layer, days, json);
    measure(map);
    if ("print" in data) sheet(map);
    remember(map);
    const printed = document.querySelector("[data-map-print]");
    printed?.addEventListener("click", () => {
      printed.hash = location.hash;
    });
  }
  element.dataset.drawn = "yes";
}

for (const element of document.querySelectorAll("[data-map]")) {
  draw(element).catch((wrong) => {
    console.error(wrong);
    say(element, element.dataset.failed || "");
  });
}
