// The reading room: `/` searches this case, a box is drawn on a page, a digest is copied.
document.querySelector("#top-search")?.removeAttribute("data-key"); // `/` is this page's own search

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}

const marks = document.querySelector("[data-draw]");
const form = document.querySelector("#note-form");
if (marks && form) {
  const field = form.querySelector('[name="box"]');
  const share = (value) => Math.min(Math.max(value, 0), 1);
  const at = (event) => {
    const edge = marks.getBoundingClientRect();
    return [share((event.clientX - edge.left) / edge.width), share((event.clientY - edge.top) / edge.height)];
  };
  let start = null;
  let drawn = null;
  form.querySelector("[data-draw-hint]").hidden = false;

  const show = ([x, y]) => {
    const box = [Math.min(x, start[0]), Math.min(y, start[1]), Math.abs(x - start[0]), Math.abs(y - start[1])];
    ["x", "y", "width", "height"].forEach((name, i) => drawn.setAttribute(name, box[i]));
    return box;
  };
  marks.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !event.isPrimary) return;
    start = at(event);
    drawn?.remove();
    drawn = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    drawn.setAttribute("class", "mark-drawn");
    marks.append(drawn);
    marks.setPointerCapture(event.pointerId);
  });
  marks.addEventListener("pointermove", (event) => start && show(at(event)));
  marks.addEventListener("pointerup", (event) => {
    if (!start) return;
    const box = show(at(event));
    start = null;
    const real = box[2] > 0.005 && box[3] > 0.005;
    field.value = real ? box.map((part) => part.toFixed(5).replace(/0+$/, "").replace(/\.$/, "")).join(",") : "";
    form.querySelector("[data-drawn]").hidden = !real;
    if (!real) drawn.remove();
    else form.querySelector('[name="text"]').focus({ preventScroll: true });
  });
  marks.addEventListener("pointercancel", () => {
    start = null;
    drawn?.remove();
  });
}
