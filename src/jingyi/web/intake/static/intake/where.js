// A pin for those who have scripts: a click on the map, or where the phone is. Words alone are enough.
import { drawBase } from "../places/base.js";

const box = document.querySelector("[data-where]");
const L = window.L;
const field = (name) => document.querySelector(`[name=${name}]`);
const json = async (url) => (await fetch(url)).json();

function words(text) {
  box.querySelector("[data-said]").textContent = text;
}

function keep(at, accuracy) {
  field("lon").value = at ? at.lng.toFixed(6) : "";
  field("lat").value = at ? at.lat.toFixed(6) : "";
  field("accuracy_m").value = at && accuracy ? Math.round(accuracy) : "";
  box.querySelector("[data-forget]").hidden = !at;
}

async function start() {
  box.hidden = false;
  const map = L.map(box.querySelector("[data-pin]"), { attributionControl: false, minZoom: 8, maxZoom: 18 });
  L.control.attribution({ prefix: "Leaflet" }).addTo(map);
  map.setView([35, 105], 8);
  const { bounds } = await drawBase(map, box.dataset.layers, json);
  if (bounds.isValid()) map.fitBounds(bounds);
  const icon = L.divIcon({ className: "mark mark-round hue-1", iconSize: [22, 22] });
  const pin = L.marker([0, 0], { draggable: true, icon, title: box.dataset.mark });
  const put = (at, accuracy, text) => {
    pin.setLatLng(at).addTo(map);
    keep(at, accuracy);
    words(text);
  };
  map.on("click", (event) => put(event.latlng, 0, box.dataset.picked));
  pin.on("dragend", () => put(pin.getLatLng(), 0, box.dataset.picked));
  box.querySelector("[data-forget]").addEventListener("click", () => {
    pin.remove();
    keep(null);
  });
  box.querySelector("[data-locate]").addEventListener("click", () => {
    if (!navigator.geolocation) return words(box.dataset.denied);
    return navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const at = L.latLng(coords.latitude, coords.longitude);
        put(at, coords.accuracy, box.dataset.here);
        map.setView(at, 15);
      },
      () => words(box.dataset.denied),
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
  if (field("lon").value && field("lat").value) {
    const at = L.latLng(Number(field("lat").value), Number(field("lon").value));
    put(at, 0, box.dataset.picked);
    map.setView(at, 14);
  }
}

if (box && L) start();
