// A toast leaves after its seconds, unless the pointer or the focus is on it. What it says stands on the page too.
const waiting = new WeakMap();

function start(toast) {
  stop(toast);
  waiting.set(toast, setTimeout(() => toast.remove(), Number(toast.dataset.toast) * 1000));
}
function stop(toast) {
  clearTimeout(waiting.get(toast));
}
function watch(toast) {
  if (waiting.has(toast)) return;
  start(toast);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, () => stop(toast));
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, () => start(toast));
}
const look = () => document.querySelectorAll("#toasts [data-toast]").forEach(watch);

look();
const place = document.getElementById("toasts");
if (place) new MutationObserver(look).observe(place, { childList: true, subtree: true });

// A fragment that could not be fetched is said once, not swallowed.
function failed() {
  if (!place?.dataset.failed || place.querySelector(".toast-failed")) return;
  const toast = place.appendChild(document.createElement("div"));
  toast.className = "toast toast-failed";
  toast.dataset.toast = "8";
  toast.appendChild(document.createElement("span")).textContent = place.dataset.failed;
}
for (const name of ["htmx:responseError", "htmx:sendError"]) document.addEventListener(name, failed);
