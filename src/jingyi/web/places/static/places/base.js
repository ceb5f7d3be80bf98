// The base map: the office's layers, lowest first, each in a pane of its own, styled by map.css alone.
const L = window.L;

const LABELS_FROM = [0, 0, 10.5, 12.5, 14]; // the zoom from which names of a rank are written
const ROADS_FROM = [0, 0, 9.5, 10.5, 13];

function path(kind) {
  return (feature) => ({
    className: `base base-${kind} rank-${feature.properties.rank || 1}`,
    interactive: false,
  });
}

function said({ name, name_en: english }) {
  return document.documentElement.lang.startsWith("en") && english ? english : name;
}

function label(feature, at) {
  const { kind, rank } = feature.properties;
  const text = said(feature.properties);
  const shown = document.createElement("span");
  shown.textContent = text;
  const icon = L.divIcon({
    className: `name name-${kind} name-rank-${rank || 1}`,
    html: shown,
    iconSize: null,
  });
  return L.marker(at, { icon, interactive: false, keyboard: false, pane: "names" });
}

// Names must not lie upon each other: the larger rank wins, then whoever comes first.
class Names {
  constructor(map) {
    this.map = map;
    this.all = [];
    this.shown = L.layerGroup().addTo(map);
    map.on("zoomend moveend", () => this.place());
  }

  add(feature) {
    if (feature.properties.kind === "city") return; // its own name says nothing on its own map
    const [lon, lat] = feature.geometry.coordinates;
    this.all.push({ feature, at: L.latLng(lat, lon), rank: feature.properties.rank || 1 });
  }

  place() {
    const { map } = this;
    const zoom = map.getZoom();
    const view = map.getBounds().pad(0.1);
    const taken = [];
    this.shown.clearLayers();
    for (const one of [...this.all].sort((a, b) => a.rank - b.rank)) {
      if (zoom < (LABELS_FROM[one.rank] ?? 14) || !view.contains(one.at)) continue;
      const { x, y } = map.latLngToContainerPoint(one.at);
      const text = said(one.feature.properties);
      const narrow = /[a-z]/.test(text) ? 0.58 : 1; // Latin letters
      const half = (one.rank === 1 ? 8.5 : 6.5) * narrow * text.length + 3;
      const box = [x - half, y - 9, x + half, y + 9];
      const free = taken.every(
        (other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3],
      );
      if (!free) continue;
      taken.push(box);
      this.shown.addLayer(label(one.feature, one.at));
    }
  }
}

export async function drawBase(map, index, json) {
  const bounds = L.latLngBounds([]);
  const { layers } = await json(index);
  const drawn = await Promise.all(layers.map((layer) => json(layer.url)));
  map.createPane("names").style.zIndex = 450;
  const names = new Names(map);
  const roads = [];
  const credits = new Set();
  layers.forEach((layer, n) => {
    if (layer.attribution) credits.add(layer.attribution);
    if (layer.kind === "place-name") {
      drawn[n].features.forEach((feature) => names.add(feature));
      return;
    }
    const pane = `base-${n}`;
    map.createPane(pane).style.zIndex = 200 + n;
    const options = { pane, style: path(layer.kind), smoothFactor: 1.2 };
    if (layer.kind === "road") {
      for (const rank of [4, 3, 2, 1]) {
        const filter = (feature) => (feature.properties.rank || 1) === rank;
        roads.push({ rank, shape: L.geoJSON(drawn[n], { ...options, filter }) });
      }
      return;
    }
    const shape = L.geoJSON(drawn[n], options).addTo(map);
    if (layer.kind === "district") bounds.extend(shape.getBounds());
    else if (!bounds.isValid() && layer.kind !== "river") bounds.extend(shape.getBounds());
  });
  const show = () => {
    for (const { rank, shape } of roads) {
      if (map.getZoom() >= ROADS_FROM[rank]) shape.addTo(map);
      else shape.remove();
    }
    map.getContainer().dataset.zoom = Math.floor(map.getZoom());
  };
  map.on("zoomend", show);
  show();
  for (const credit of credits) map.attributionControl.addAttribution(credit);
  names.place();
  return { bounds };
}
