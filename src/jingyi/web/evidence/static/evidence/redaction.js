// A box drawn on a page becomes a line of the form: page left top width height, in percent.
const field = document.querySelector("[data-boxes]");
const share = (value) => Math.min(Math.max(value, 0), 1);
for (const marks of field ? document.querySelectorAll("[data-draw]") : []) {
  let start = null;
  let drawn = null;
  const at = (event) => {
    const edge = marks.getBoundingClientRect();
    return [share((event.clientX - edge.left) / edge.width), share((event.clientY - edge.top) / edge.height)];
  };
  const show = ([x, y]) => {
    const box = [Math.min(x, start[0]), Math.min(y, start[1]), Math.abs(x - start[0]), Math.abs(y - start[1])];
    ["x", "y", "width", "height"].forEach((name, i) => drawn.setAttribute(name, box[i]));
    return box;
  };
  marks.classList.add("drawing");
  marks.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") return; // a finger scrolls; on a phone the form is typed
    start = at(event);
    drawn = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    drawn.setAttribute("class", "mark-cover");
    marks.append(drawn);
    marks.setPointerCapture(event.pointerId);
  });
  marks.addEventListener("pointermove", (event) => start && show(at(event)));
  marks.addEventListener("pointerup", (event) => {
    if (!start) return;
    const box = show(at(event));
    start = null;
    if (box[2] < 0.004 || box[3] < 0.004) drawn.remove();
    else field.value = `${field.value.trim()}\n${marks.dataset.draw} ${box.map((part) => (100 * part).toFixed(2)).join(" ")}`.trim();
  });
  marks.addEventListener("pointercancel", () => {
    start = null;
    drawn?.remove();
  });
}
