// Every [data-map] on the page becomes a map of the office's own vectors; no tile, no network beyond us.
// data-layers, data-places, data-leads, data-cases: addresses. data-place: a place's code.
// data-lon, data-lat, data-radius: one spot.
import { drawBase } from "./base.js";
import { drawMarks, drawPlaces } from "./marks.js";

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
  const large = "large" in data; // the map page, not a small map of one spot
  const map = L.map(element, {
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    wheelPxPerZoomLevel: 90,
    minZoom: 8,
    maxZoom: 18,
    zoomControl: large,
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
  if (large) {
    await drawMarks(map, element, places, json, base.bounds.isValid());
    remember(map);
  }
}

for (const element of document.querySelectorAll("[data-map]")) {
  draw(element).catch((wrong) => {
    console.error(wrong);
    say(element, element.dataset.failed || "");
  });
}
