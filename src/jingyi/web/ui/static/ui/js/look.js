// Theme and rail: the form works without this; here the page changes at once and the server sets the cookie.
const change = {
  theme: (value) => {
    const sheet = document.querySelector("link[data-dark]");
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
