// Theme and rail: the form works without this; here the page changes at once and the server sets the cookie.
const change = {
  theme: (value) => {
    const sheet = document.querySelector("link[data-dark]");
    document.documentElement.dataset.theme = value;
    sheet.media = value === "dark" ? "screen" : "not all";
  },
  rail: (value, button) => {
    document.documentElement.dataset.rail = value;
    button.value = value === "narrow" ? "wide" : "narrow";
  },
};

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-look]");
  const button = event.submitter;
  if (!form || !button) return;
  event.preventDefault();
  const body = new FormData(form);
  body.set(button.name, button.value);
  change[button.name](button.value, button);
  fetch(form.action, { method: "POST", body, redirect: "manual" });
});

// What is folded away on a narrow screen: <details class="fold" open data-fold>. Without this it stays open.
if (window.matchMedia("(max-width: 1100px)").matches) {
  for (const fold of document.querySelectorAll("details[data-fold]")) fold.open = false;
}

// A menu closes when one looks elsewhere, and by Escape.
const closeMenus = (but) =>
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(but)) menu.open = false;
  });
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
});
