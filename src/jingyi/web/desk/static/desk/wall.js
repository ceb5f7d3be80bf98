// The flow as a picture file: the SVG with its colours written in, drawn on a canvas. Nothing leaves the page.
const button = document.querySelector("[data-wall-png]");
const picture = document.querySelector("[data-wall-picture]");
const STYLES = ["fill", "opacity", "font-size", "font-weight", "font-family", "stroke", "stroke-width", "paint-order"];

const styled = (source) => {
  const copy = source.cloneNode(true);
  const from = source.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((node, index) => {
    const computed = getComputedStyle(from[index]);
    STYLES.forEach((name) => node.setAttribute(name, computed.getPropertyValue(name)));
  });
  return copy;
};

const save = async () => {
  const { width, height } = picture.viewBox.baseVal;
  const copy = styled(picture);
  copy.setAttribute("width", width * 2);
  copy.setAttribute("height", height * 2);
  const address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * 2, height: height * 2 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = getComputedStyle(document.body).backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0);
  URL.revokeObjectURL(address);
  const link = Object.assign(document.createElement("a"), { download: "wall.png", href: canvas.toDataURL("image/png") });
  link.click();
};

if (button && picture) {
  button.hidden = false;
  button.addEventListener("click", save);
}
