// Thousands of areas, lines and spots on one canvas. Shapes are kept once, in Mercator units from an
// origin of their own; a move or a zoom only sets another transform and draws what is in view.
// Colours come from map.css: each kind is asked once for its --area, --wash and --dash.
const L = window.L;
const PAD = 0.25; // of the view, drawn beyond each edge, so that a short pan shows no gap
const SPECK = 3; // pixels: what is smaller both ways is drawn as a dot

const merc = (lat) => {
  const sine = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
};

function flat(geometry) {
  const { type, coordinates } = geometry;
  if (type === "Point") return { spots: [coordinates] };
  if (type === "MultiPoint") return { spots: coordinates };
  if (type === "LineString") return { lines: [coordinates] };
  if (type === "MultiLineString") return { lines: coordinates };
  if (type === "Polygon") return { rings: coordinates };
  return { rings: coordinates.flat() };
}

export const Areas = L.Layer.extend({
  // features: GeoJSON; prefix: the class before a kind, "area" or "zone".
  initialize(features, { prefix, pane }) {
    this.prefix = prefix;
    this.options = { pane };
    this.hidden = new Set();
    this.looks = new Map();
    this.set(features);
  },

  set(features) {
    const first = features.length ? flat(features[0].geometry) : {};
    const [lon, lat] = first.spots?.[0] || (first.lines || first.rings)?.[0][0] || [0, 0];
    this.origin = L.latLng(lat, lon);
    this.x0 = lon / 360;
    this.y0 = merc(lat);
    this.items = features.map((feature) => this.made(feature));
    if (this._map) this.draw();
  },

  made(feature) {
    const path = new Path2D();
    const { spots, lines, rings } = flat(feature.geometry);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const part of lines || rings || [spots]) {
      part.forEach(([lon, lat], n) => {
        const x = lon / 360 - this.x0;
        const y = merc(lat) - this.y0;
        if (x < box[0]) box[0] = x;
        if (y < box[1]) box[1] = y;
        if (x > box[2]) box[2] = x;
        if (y > box[3]) box[3] = y;
        if (!spots) path[n ? "lineTo" : "moveTo"](x, y);
      });
      if (rings) path.closePath();
    }
    const { properties } = feature;
    return { path, box, properties, kind: properties.kind, open: !rings, spot: Boolean(spots) };
  },

  onAdd(map) {
    this.canvas = L.DomUtil.create("canvas", "areas leaflet-zoom-animated", this.getPane());
    this.canvas.setAttribute("aria-hidden", "true");
    this.context = this.canvas.getContext("2d");
    this.getPane().style.pointerEvents = "none";
    this.draw();
  },

  onRemove() {
    this.canvas.remove();
  },

  getEvents() {
    return { moveend: this.draw, viewreset: this.draw, resize: this.draw, zoomanim: this.follow };
  },

  follow({ zoom, center }) {
    if (!this.bounds) return;
    const scale = this._map.getZoomScale(zoom);
    const offset = this._map._latLngBoundsToNewLayerBounds(this.bounds, zoom, center).min;
    L.DomUtil.setTransform(this.canvas, offset, scale);
  },

  show(kind, shown) {
    this.hidden[shown ? "delete" : "add"](kind);
    if (this._map) this.draw();
  },

  look(kind) {
    if (!this.looks.has(kind)) {
      const asked = L.DomUtil.create("i", `${this.prefix} ${this.prefix}-${kind}`, this._map.getContainer());
      const style = getComputedStyle(asked);
      const read = (name) => style.getPropertyValue(name).trim();
      const dash = read("--dash").split(/\s+/).filter(Boolean).map(Number);
      this.looks.set(kind, { color: read("--area") || "#666", wash: Number(read("--wash") || 0.16), dash });
      asked.remove();
    }
    return this.looks.get(kind);
  },

  placed() {
    const map = this._map;
    const zoom = map.getZoom();
    const size = 256 * 2 ** zoom;
    const corner = map.latLngToLayerPoint(this.bounds.getNorthWest());
    const from = map.project(this.origin, zoom).subtract(map.getPixelOrigin()).subtract(corner);
    return { size, from, corner };
  },

  draw() {
    const map = this._map;
    const { context: pen, canvas } = this;
    this.bounds = map.getBounds().pad(PAD);
    const { size, from, corner } = this.placed();
    const whole = map.getSize().multiplyBy(1 + 2 * PAD);
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    canvas.width = whole.x * ratio;
    canvas.height = whole.y * ratio;
    canvas.style.width = `${whole.x}px`;
    canvas.style.height = `${whole.y}px`;
    L.DomUtil.setTransform(canvas, corner, 1);
    const view = [-from.x / size, -from.y / size, (whole.x - from.x) / size, (whole.y - from.y) / size];
    const inView = ({ box, kind }) =>
      !this.hidden.has(kind) && box[0] <= view[2] && box[2] >= view[0] && box[1] <= view[3] && box[3] >= view[1];
    this.seen = this.items.filter(inView);
    pen.setTransform(ratio * size, 0, 0, ratio * size, ratio * from.x, ratio * from.y);
    for (const one of this.seen) this.paint(pen, one, size);
    map.getContainer().dataset[`${this.prefix}s`] = this.seen.length;
  },

  paint(pen, { path, box, kind, open, spot }, size) {
    const { color, wash, dash } = this.look(kind);
    pen.strokeStyle = color;
    pen.fillStyle = color;
    if (spot || (box[2] - box[0] < SPECK / size && box[3] - box[1] < SPECK / size)) {
      const half = (spot ? 4 : 1.5) / size;
      pen.globalAlpha = spot ? 0.85 : 0.7;
      pen.fillRect((box[0] + box[2]) / 2 - half, (box[1] + box[3]) / 2 - half, 2 * half, 2 * half);
      return;
    }
    if (!open) {
      pen.globalAlpha = wash;
      pen.fill(path, "evenodd");
    }
    pen.globalAlpha = 0.8;
    pen.lineWidth = 1.4 / size;
    pen.setLineDash(dash.map((length) => length / size));
    pen.stroke(path);
  },

  // What lies at a spot, the topmost first.
  at(latlng) {
    const { size, from, corner } = this.placed();
    const point = this._map.latLngToLayerPoint(latlng).subtract(corner);
    const x = (point.x - from.x) / size;
    const y = (point.y - from.y) / size;
    const near = 6 / size;
    const pen = this.context;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    return this.seen
      .filter(({ path, box, open, spot }) => {
        if (x < box[0] - near || x > box[2] + near || y < box[1] - near || y > box[3] + near) return false;
        pen.lineWidth = 2 * near;
        return spot || (open ? pen.isPointInStroke(path, x, y) : pen.isPointInPath(path, x, y, "evenodd"));
      })
      .reverse();
  },
});
