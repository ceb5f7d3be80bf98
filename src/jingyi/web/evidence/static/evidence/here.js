// Fills in where the device is and how far its clock is off, on request. Without it both are typed.
const box = document.querySelector("[data-custody-here]");
if (box && "geolocation" in navigator && window.isSecureContext) {
  const form = box.closest("form");
  const said = box.querySelector("[data-said]");
  const loaded = Date.now();
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lon.value = coords.longitude.toFixed(7);
        form.elements.lat.value = coords.latitude.toFixed(7);
        form.elements.accuracy_m.value = Math.max(1, Math.round(coords.accuracy));
        form.elements.datum.value = "WGS-84";
        if (!form.elements.clock_offset_s.value) {
          form.elements.clock_offset_s.value = ((loaded - Number(box.dataset.now)) / 1000).toFixed(0);
        }
        said.textContent = box.dataset.kept;
      },
      () => { said.textContent = box.dataset.denied; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
