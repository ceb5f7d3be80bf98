// Heat by domain, and the measure: a length, an area, and their outline as GeoJSON.
import { element, looks } from "./marks.js";

const L = window.L;
const REACH = 34; // pixels around a mark that it warms

export const Heat = L.Layer.extend({
  initialize(points, hue) {
    this.points = points; // [{at, first}]
    this.hue = hue;
    this.day = "";
  },

  onAdd() {
    this.canvas = L.DomUtil.create("canvas", "heat leaflet-zoom-hide", this.getPane());
    this.canvas.setAttribute("aria-hidden", "true");
    this.draw();
  },

  onRemove() {
    this.canvas.remove();
  },

  getEvents() {
    return { moveend: this.draw, resize: this.draw };
  },

  until(day) {
    this.day = day;
    if (this._map) this.draw();
  },

  draw() {
    const map = this._map;
    const size = map.getSize();
    const { canvas } = this;
    canvas.width = size.x;
    canvas.height = size.y;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    const pen = canvas.getContext("2d");
    const asked = L.DomUtil.create("i", `hue-${this.hue}`, map.getContainer());
    pen.fillStyle = getComputedStyle(asked).getPropertyValue("--hue").trim() || "#a33";
    asked.remove();
    const view = map.getBounds().pad(0.1);
    for (const { at, first } of this.points) {
      if ((this.day && first > this.day) || !view.contains(at)) continue;
      const { x, y } = map.latLngToContainerPoint(at);
      for (const [share, alpha] of [[1, 0.05], [0.66, 0.07], [0.33, 0.12]]) {
        pen.globalAlpha = alpha;
        pen.beginPath();
        pen.arc(x, y, REACH * share, 0, 2 * Math.PI);
        pen.fill();
      }
    }
  },
});

// One choice: no heat, every domain, or one. `points` are the incidents of the page's filters.
export function warm(map, points) {
  const choice = document.querySelector("[data-map-heat]");
  if (!choice) return { until() {} };
  let layer = null;
  let day = "";
  const domains = [...new Set(points.map(({ domain }) => domain))].filter((slug) => looks[slug]);
  for (const slug of domains.sort()) choice.append(new Option(looks[slug].title, slug));
  choice.closest("label").hidden = !points.length;
  choice.addEventListener("change", () => {
    layer?.remove();
    layer = null;
    if (!choice.value) return;
    const own = choice.value === "all" ? points : points.filter(({ domain }) => domain === choice.value);
    layer = new Heat(own, looks[choice.value]?.hue ?? 1).addTo(map);
    layer.until(day);
  });
  return {
    until(on) {
      day = on;
      layer?.until(on);
    },
  };
}

const RADIUS = 6_371_008.8; // metres, of the sphere as large as the earth

function ground(points) {
  const rad = Math.PI / 180;
  const turned = points.map(({ lat, lng }) => [lng * rad, Math.sin(lat * rad)]);
  return Math.abs(
    turned.reduce((sum, [lon, sine], n) => {
      const [next, nextSine] = turned[(n + 1) % turned.length];
      return sum + (next - lon) * (nextSine + sine);
    }, 0) / 2,
  ) * RADIUS * RADIUS;
}

const metres = (length) => (length < 1000 ? `${length.toFixed(0)} m` : `${(length / 1000).toFixed(2)} km`);
const square = (area) => {
  if (area < 10_000) return `${area.toFixed(0)} m²`;
  return area < 1e6 ? `${(area / 1e4).toFixed(2)} ha` : `${(area / 1e6).toFixed(2)} km²`;
};

// A button begins and ends it; each click is a corner; backspace takes the last one back.
export function measure(map) {
  const button = document.querySelector("[data-map-measure]");
  const shown = document.querySelector("[data-map-measured]");
  if (!button) return;
  button.hidden = false;
  const line = L.polygon([], { className: "measured", interactive: false });
  let points = [];
  const tell = () => {
    line.setLatLngs(points);
    const length = points.reduce((sum, at, n) => sum + (n ? map.distance(points[n - 1], at) : 0), 0);
    const parts = points.length > 1 ? [metres(length)] : [];
    if (points.length > 2) parts.push(square(ground(points)));
    shown.textContent = parts.join(" · ") || shown.dataset.hint;
    if (points.length < 3) return;
    const ring = [...points, points[0]].map(({ lng, lat }) => [+lng.toFixed(6), +lat.toFixed(6)]);
    const copied = element("button", "button quiet small", shown.dataset.copy);
    copied.type = "button";
    const text = JSON.stringify({ type: "Polygon", coordinates: [ring] });
    copied.addEventListener("click", () => navigator.clipboard?.writeText(text));
    shown.append(" ", copied);
  };
  const corner = ({ latlng }) => {
    points.push(latlng);
    tell();
  };
  const back = ({ key }) => {
    if (key === "Escape") turn(false);
    if (key === "Backspace") {
      points.pop();
      tell();
    }
  };
  function turn(on) {
    button.setAttribute("aria-pressed", String(on));
    map.getContainer().classList.toggle("measuring", on);
    map[on ? "on" : "off"]("click", corner);
    document[on ? "addEventListener" : "removeEventListener"]("keydown", back);
    points = [];
    if (on) line.addTo(map);
    else line.remove();
    tell();
    shown.hidden = !on;
  }
  button.addEventListener("click", () => turn(button.getAttribute("aria-pressed") !== "true"));
}

// Corners clicked on a form's map become its shape: an area, or one spot while there is one corner.
export function draw(map, field) {
  const line = L.polygon([], { className: "measured", interactive: false }).addTo(map);
  const spot = L.circleMarker([0, 0], { radius: 5, className: "spot", interactive: false });
  const back = document.querySelector("[data-map-back]");
  let points = [];
  const tell = () => {
    const at = points.map(({ lng, lat }) => [+lng.toFixed(6), +lat.toFixed(6)]);
    line.setLatLngs(points);
    if (points.length === 1) spot.setLatLng(points[0]).addTo(map);
    else spot.remove();
    const area = { type: "Polygon", coordinates: [[...at, at[0]]] };
    const shape = at.length > 2 ? area : at.length === 1 && { type: "Point", coordinates: at[0] };
    field.value = shape ? JSON.stringify(shape) : "";
    const datum = field.form.elements.datum;
    if (shape && datum) datum.value = "wgs84"; // what the map shows
    back.disabled = !at.length;
  };
  map.getContainer().classList.add("measuring");
  map.on("click", ({ latlng }) => {
    points.push(latlng);
    tell();
  });
  back.addEventListener("click", () => {
    points.pop();
    tell();
  });
}
