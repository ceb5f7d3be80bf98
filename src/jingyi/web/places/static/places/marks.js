// What lies on the base map: protected places as areas, incidents as round marks, cases as square ones.
const L = window.L;

const looks = JSON.parse(document.getElementById("map-looks")?.textContent || "{}");
const said = (words, n) => words.replace("{n}", n);

function element(name, className, text) {
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

export async function drawMarks(map, box, places, json, framed) {
  const { countWords, reportsWords } = box.dataset;
  const piles = L.markerClusterGroup({
    maxClusterRadius: 54,
    showCoverageOnHover: false,
    chunkedLoading: true,
    spiderfyOnMaxZoom: true,
    animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    iconCreateFunction: pile(countWords),
  });
  const groups = new Map(places ? [...places.groups] : []);
  const byUrl = new Map();
  const closed = new Set(box.dataset.closedStates.split(" "));
  for (const kind of ["leads", "cases"]) {
    if (!box.dataset[kind]) continue;
    const { features } = await json(box.dataset[kind]);
    for (const feature of features) {
      const over = kind === "cases" && closed.has(feature.properties.state);
      const made = mark(feature, kind === "leads" ? "round" : "square", reportsWords);
      if (over) made.options.icon.options.className += " mark-closed";
      byUrl.set(made.url, made);
      const name = over ? "closed" : kind;
      groups.set(name, [...(groups.get(name) || []), made]);
    }
  }
  switches(map, piles, groups);
  map.addLayer(piles);
  if (!framed && piles.getLayers().length) map.fitBounds(piles.getBounds().pad(0.1));
  follow(map, piles, byUrl);
}

// The legend's boxes show and hide.
function switches(map, piles, groups) {
  for (const input of document.querySelectorAll("[data-map-shows]")) {
    const group = groups.get(input.dataset.mapShows);
    input.closest("label").hidden = !group;
    if (!group) continue;
    const show = () => {
      if (Array.isArray(group)) piles[input.checked ? "addLayers" : "removeLayers"](group);
      else if (input.checked) group.addTo(map);
      else group.remove();
    };
    input.addEventListener("change", show);
    if (input.checked) show();
  }
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
