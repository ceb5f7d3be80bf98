// Keyboard: any element with data-key="x" is pressed (or focused, if it is a field) by that key.
// data-key-help says what the key does in the `?` dialog. Off inside fields and with Ctrl, Alt, Meta.
// A list with data-keys-rows gets j, k and Enter over its children that hold a link.
const typing = (target) =>
  target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
const named = (key) =>
  [...document.querySelectorAll("[data-key]")].find(
    (element) => element.dataset.key === key && element.offsetParent !== null && !element.disabled,
  );

function move(by) {
  const rows = [...document.querySelectorAll("[data-keys-rows] > *")].filter((row) =>
    row.querySelector("a[href]"),
  );
  if (!rows.length) return false;
  const now = rows.findIndex((row) => row.matches(".here") || row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(now + by, 0), rows.length - 1)];
  rows.forEach((row) => row.classList.toggle("here", row === next));
  const link = next.querySelector("a[href]");
  link.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  next.dispatchEvent(new CustomEvent("row", { bubbles: true }));
  return true;
}

function help() {
  const dialog = document.getElementById("keys");
  if (!dialog) return false;
  const list = dialog.querySelector("[data-keys-list]");
  const seen = new Map();
  if (document.querySelector("[data-keys-rows]")) seen.set("j k", list.dataset.rows);
  for (const element of document.querySelectorAll("[data-key]")) {
    const text = element.dataset.keyHelp || element.textContent.trim();
    if (!seen.has(element.dataset.key)) seen.set(element.dataset.key, text);
  }
  list.replaceChildren();
  for (const [key, text] of seen) {
    const term = list.appendChild(document.createElement("dt"));
    for (const one of key.split(" ")) {
      term.appendChild(document.createElement("kbd")).textContent = one;
    }
    list.appendChild(document.createElement("dd")).textContent = text;
  }
  dialog.showModal();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  const element = named(event.key);
  let done = false;
  if (element) {
    if (typing(element) && element.type !== "checkbox") element.focus();
    else element.click();
    done = true;
  } else if (event.key === "j") done = move(1);
  else if (event.key === "k") done = move(-1);
  else if (event.key === "?") done = help();
  if (done) event.preventDefault();
});
