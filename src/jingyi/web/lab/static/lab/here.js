// Where the telephone is, if it can tell; the point of the plan is enough without.
const box = document.querySelector("[data-here]");
const field = (name) => document.querySelector(`[name=${name}]`);

function keep({ coords }) {
  field("lon").value = coords.longitude.toFixed(6);
  field("lat").value = coords.latitude.toFixed(6);
  field("accuracy_m").value = Math.round(coords.accuracy);
  box.querySelector("[data-said]").textContent = box.dataset.kept.replace("0", Math.round(coords.accuracy));
}

function denied() {
  box.querySelector("[data-said]").textContent = box.dataset.denied;
}

if (box && navigator.geolocation) {
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(keep, denied, { enableHighAccuracy: true, timeout: 15000 });
  });
}
