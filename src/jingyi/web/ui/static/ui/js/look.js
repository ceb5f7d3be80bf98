// Theme and rail: the form works without this; here the page changes at once and the cookie is set by the server.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-look]");
  const button = event.submitter;
  if (!form || !button) return;
  event.preventDefault();
  const body = new FormData(form);
  body.set(button.name, button.value);
  document.documentElement.dataset[form.dataset.look] = button.value;
  if (form.dataset.look === "rail") button.value = button.value === "narrow" ? "wide" : "narrow";
  fetch(form.action, { method: "POST", body, redirect: "manual" });
});
