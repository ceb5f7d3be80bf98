// Forms: focus the error summary, send filters as they change, leave quickly, guard double sending.
const focusSummary = (root) => root.querySelector("[data-focus]:not([data-sample] *)")?.focus();
focusSummary(document);
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));

// A fragment asked for after the session ended comes back as the sign-in page: load the whole page instead.
document.addEventListener("htmx:beforeSwap", (event) => {
  const signIn = document.querySelector('meta[name="sign-in"]')?.content;
  if (!signIn || new URL(event.detail.xhr.responseURL).pathname !== signIn) return;
  if (window.location.pathname === signIn) return;
  event.detail.shouldSwap = false;
  window.location.reload();
});

document.addEventListener("change", (event) => {
  // on the form or on one field of it
  if (event.target.closest("[data-autosubmit]")) event.target.form?.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[data-look]")) return;
  if (form.dataset.sent) event.preventDefault();
  else if (!form.hasAttribute("hx-post")) {
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 3000); // the answer may be a download: the page stays
  }
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Quick exit: the page goes at once and does not stay in the history. Escape three times does the same.
const exit = document.querySelector("[data-exit]");
if (exit) {
  const leave = (event) => {
    event?.preventDefault();
    document.body.hidden = true;
    window.location.replace(exit.href);
  };
  exit.addEventListener("click", leave);
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    presses = [...presses.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (presses.length >= 3) leave();
  });
}
