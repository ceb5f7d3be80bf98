// What lies on the base map: protected places as areas, incidents as round marks, cases as square ones.
import { Areas } from "./areas.js";

const L = window.L;
const MANY = 400; // places: more of them go onto one canvas

export const looks = JSON.parse(document.getElementById("map-looks")?.textContent || "{}");
const said = (words, n) => words.replace("{n}", n);

export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function bubble(properties, words) {
  const box = element("div", "bubble");
  const look = looks[properties.domain];
  if (look) {
    const chip = box.appendChild(element("span", "chip"));
    chip.append(element("span", `chip-mark hue-${look.hue}`, look.glyph));
    chip.append(element("span", "chip-text", look.title));
  } else if (properties.said) box.append(element("span", "hint", properties.said));
  const link = box.appendChild(element("a", "bubble-title", properties.title));
  link.href = properties.url;
  const more = [properties.ref, properties.level, properties.state_title];
  if (properties.reports > 1) more.push(said(words, properties.reports));
  const line = more.filter(Boolean).join(" · ");
  if (line) box.append(element("p", "hint", line));
  return box;
}

export function drawPlaces(map, data) {
  const byCode = new Map();
  const groups = new Map();
  map.createPane("protected").style.zIndex = 390;
  if (data.features.length > MANY) {
    const layer = new Areas(data.features, { prefix: "area", pane: "protected" }).addTo(map);
    for (const { properties } of data.features) {
      const { kind } = properties;
      const switched = { addTo: () => layer.show(kind, true), remove: () => layer.show(kind, false) };
      groups.set(kind, switched);
    }
    return { byCode, groups, layer };
  }
  L.geoJSON(data, {
    pane: "protected",
    style: ({ properties }) => ({ className: `area area-${properties.kind}`, weight: 1.5 }),
    onEachFeature({ properties }, shape) {
      byCode.set(properties.code, shape);
      if (!groups.has(properties.kind)) groups.set(properties.kind, L.layerGroup().addTo(map));
      groups.get(properties.kind).addLayer(shape);
      shape.bindPopup(() => bubble(properties, ""));
    },
  });
  return { byCode, groups };
}

function mark(feature, shape, words) {
  const { properties, geometry } = feature;
  const look = looks[properties.domain] || { glyph: "·", hue: 0, title: "" };
  const [lon, lat] = geometry.coordinates;
  const icon = L.divIcon({
    className: `mark mark-${shape} hue-${look.hue}`,
    html: element("span", "", look.glyph),
    iconSize: [22, 22],
  });
  const made = L.marker([lat, lon], { icon, title: properties.title });
  const name = [look.title, properties.title].filter(Boolean).join("：");
  made.on("add", () => made.getElement().setAttribute("aria-label", name));
  made.bindPopup(() => bubble(properties, words));
  made.url = properties.url;
  return made;
}

function pile(words) {
  return (cluster) => {
    const n = cluster.getChildCount();
    const size = 26 + Math.min(26, Math.round(7 * Math.log10(n) * 1.6));
    const shown = element("span", "", String(n));
    shown.setAttribute("aria-label", said(words, n));
    return L.divIcon({ className: "pile", html: shown, iconSize: [size, size] });
  };
}

// Returns what is known of the incidents, and `until(day)`: only what was first told by then is shown.
export async function drawMarks(map, box, more, json, framed) {
  const { countWords, reportsWords } = box.dataset;
  const piles = L.markerClusterGroup({
    maxClusterRadius: 54,
    showCoverageOnHover: false,
    chunkedLoading: true,
    chunkInterval: 40,
    chunkDelay: 12,
    spiderfyOnMaxZoom: true,
    animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    iconCreateFunction: pile(countWords),
  });
  const groups = new Map(more);
  const byUrl = new Map();
  const points = [];
  const closed = new Set(box.dataset.closedStates.split(" "));
  for (const kind of ["leads", "cases"]) {
    if (!box.dataset[kind]) continue;
    const { features } = await json(box.dataset[kind]);
    for (const feature of features) {
      const { domain, first, state } = feature.properties;
      const over = kind === "cases" && closed.has(state);
      const made = mark(feature, kind === "leads" ? "round" : "square", reportsWords);
      if (over) made.options.icon.options.className += " mark-closed";
      made.first = first;
      byUrl.set(made.url, made);
      if (kind === "leads") points.push({ at: made.getLatLng(), domain, first });
      const name = over ? "closed" : kind;
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(made);
    }
  }
  const until = switches(map, piles, groups);
  map.addLayer(piles);
  if (!framed && byUrl.size) {
    const spots = [...byUrl.values()].map((made) => made.getLatLng()); // the piles are still growing
    map.fitBounds(L.latLngBounds(spots).pad(0.1));
  }
  follow(map, piles, byUrl);
  return { points, until };
}

// The legend's boxes show and hide; marks are told apart by the day they were first told, too.
function switches(map, piles, groups) {
  const known = new Set();
  let day = "";
  let waiting = 0;
  const settle = () => {
    waiting = 0;
    const boxes = [...document.querySelectorAll("[data-map-shows]")].filter((one) => one.checked);
    const chosen = new Set(boxes.map((one) => one.dataset.mapShows));
    const wanted = new Set();
    for (const [name, group] of groups) {
      if (!Array.isArray(group) || !chosen.has(name)) continue;
      for (const made of group) if (!day || !made.first || made.first <= day) wanted.add(made);
    }
    const gone = [...known].filter((made) => !wanted.has(made));
    const come = [...wanted].filter((made) => !known.has(made));
    if (gone.length > wanted.size) {
      piles.clearLayers();
      piles.addLayers([...wanted]);
    } else {
      if (gone.length) piles.removeLayers(gone);
      if (come.length) piles.addLayers(come);
    }
    known.clear();
    for (const made of wanted) known.add(made);
  };
  for (const input of document.querySelectorAll("[data-map-shows]")) {
    const group = groups.get(input.dataset.mapShows);
    input.closest("label").hidden = !group;
    if (!group) continue;
    const show = () => {
      if (Array.isArray(group)) settle();
      else if (input.checked) group.addTo(map);
      else group.remove();
    };
    input.addEventListener("change", show);
    if (!Array.isArray(group) || !input.checked) show();
  }
  settle();
  return (on) => {
    day = on;
    waiting ||= setTimeout(settle, 60);
  };
}

// A row of the list beside the map points at its mark.
function follow(map, piles, byUrl) {
  const list = document.querySelector("[data-map-list]");
  if (!list) return;
  const ring = L.circleMarker([0, 0], { radius: 16, className: "spot-ring", interactive: false });
  const point = (event) => {
    const row = event.target.closest("li, tr");
    const link = row?.querySelector("a[href]");
    const found = link && byUrl.get(new URL(link.href).pathname);
    if (found) ring.setLatLng(found.getLatLng()).addTo(map);
    else ring.remove();
  };
  list.addEventListener("mouseover", point);
  list.addEventListener("focusin", point);
  list.addEventListener("row", point);
  list.addEventListener("mouseleave", () => ring.remove());
}
