// The zones of law in force on a day, over the places and below the marks; and the day's slider.
import { Areas } from "./areas.js";
import { element } from "./marks.js";

const L = window.L;

function told(properties) {
  const box = element("div", "bubble");
  box.append(element("span", "hint", properties.said));
  const link = box.appendChild(element("a", "bubble-title", properties.title));
  link.href = properties.url;
  const days = properties.valid_from && `${properties.valid_from} – ${properties.valid_to || ""}`;
  for (const line of [properties.level, days, properties.basis, properties.organ]) {
    if (line) box.append(element("p", "hint", line));
  }
  return box;
}

// Areas of a canvas answer a click that no mark took.
export function answer(map, layers) {
  map.on("click", ({ latlng }) => {
    if (map.getContainer().classList.contains("measuring")) return;
    const found = layers.flatMap((layer) => layer.at(latlng)).slice(0, 5);
    if (!found.length) return;
    const box = element("div", "bubbles");
    found.forEach(({ properties }) => box.append(told(properties)));
    L.popup().setLatLng(latlng).setContent(box).openOn(map);
  });
}

export async function drawZones(map, url, json) {
  map.createPane("zones").style.zIndex = 395;
  const { features } = await json(url);
  const layer = new Areas(features, { prefix: "zone", pane: "zones" }).addTo(map);
  const kinds = new Set(features.map(({ properties }) => properties.kind));
  const switchable = (kind) => ({
    addTo: () => layer.show(kind, true),
    remove: () => layer.show(kind, false),
  });
  return { layer, groups: [...kinds].map((kind) => [`zone-${kind}`, switchable(kind)]) };
}

// The slider shows what was known on a day while it is drawn along; let go, and the page is of that day.
export function followDay(layer, marks, json) {
  const slider = document.querySelector("[data-map-days]");
  if (!slider) return;
  const field = document.querySelector(slider.dataset.mapDays);
  const shown = document.querySelector("[data-map-day]");
  const first = Date.parse(slider.dataset.first);
  const day = () => new Date(first + slider.valueAsNumber * 86_400_000).toISOString().slice(0, 10);
  let asked = 0;
  slider.hidden = false;
  slider.addEventListener("input", () => {
    const on = day();
    shown.textContent = on;
    marks.until(on);
    clearTimeout(asked);
    asked = setTimeout(async () => {
      const url = new URL(slider.dataset.zones, location.href);
      url.searchParams.set("on", on);
      const { features } = await json(url);
      if (on === day()) layer?.set(features);
    }, 120);
  });
  slider.addEventListener("change", () => {
    field.value = day();
    const asking = new URL(location.href);
    new FormData(field.form).forEach((value, name) => asking.searchParams.set(name, value));
    location.assign(asking); // the hash stays: so does the view
  });
}
