// The row under the cursor is previewed beside the queue; x picks it, Enter opens it (a link).
const frame = document.getElementById("preview-frame");
let shown = "";

function preview(row) {
  const url = row?.dataset.preview;
  if (!frame || !url || url === shown || frame.offsetParent === null) return;
  shown = url;
  window.htmx.ajax("GET", url, { target: frame, swap: "innerHTML" });
}

document.addEventListener("row", (event) => preview(event.target));
document.addEventListener("focusin", (event) => preview(event.target.closest?.("[data-preview]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName) && event.target.type !== "checkbox") return;
  const row = document.querySelector("[data-keys-rows] > .here") || document.activeElement.closest?.("[data-preview]");
  const box = row?.querySelector(".queue-pick");
  if (box) box.checked = !box.checked;
});
