// One tap, one order: a form that was sent cannot be sent again, and its button says so (data-busy).
const resting = new WeakMap();

function rest(button) {
  if (!button || !resting.has(button)) return;
  button.innerHTML = resting.get(button);
  button.removeAttribute("aria-busy");
  button.disabled = false;
  resting.delete(button);
}

function work(button) {
  if (!button || resting.has(button)) return;
  resting.set(button, button.innerHTML);
  button.setAttribute("aria-busy", "true");
  button.textContent = button.dataset.busy;
  // After the form's data is gathered: a disabled button would not send its own name and value.
  setTimeout(() => (button.disabled = true));
}

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "yes";
  const button = event.submitter;
  if (button?.dataset.busy) work(button);
});

function again(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach(rest);
}

// Back from the bank by the browser's button: the page is as it was, so the button must be too.
addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form[data-sent]").forEach(again));

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form) again(form);
});

// A control that sends its form by itself, such as sorting; also one that was used before this script had come. A page that is
// gone back to, or loaded anew, brings old choices along by itself: those are nobody's wish.
document.addEventListener("change", (event) => event.target.closest("[data-submits]")?.form?.requestSubmit());

function isChanged(control) {
  if (!control.options) return control.checked !== control.defaultChecked;
  return control.selectedIndex !== Math.max([...control.options].findIndex((option) => option.defaultSelected), 0);
}

if (performance.getEntriesByType("navigation")[0]?.type === "navigate") {
  [...document.querySelectorAll("[data-submits]")].find(isChanged)?.form.requestSubmit();
}

document.addEventListener("input", (event) => {
  const { count } = event.target.dataset ?? {};
  const place = count && document.getElementById(count);
  if (place) place.textContent = `${event.target.value.length} / ${event.target.maxLength}`;
});
