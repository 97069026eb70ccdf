// Fields are looked at when left, never while typing; once wrong, they are cleared the moment they are right.
// The words come from the field itself (data-missing, data-say-…), so that they are written and translated in one place.
const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

const digits = (text) => text.replace(/\D/g, "");

const checks = {
  zip: (text) => ([5, 9].includes(digits(text).length) ? null : "digits"),
  phone: (text) => (/^1?\d{10}$/.test(digits(text)) ? null : "digits"),
  email: (text) => (!/^[^@\s]+@[^@\s]+$/.test(text) ? "at" : !/@.+\.\w{2,}\.?$/.test(text) ? "dot" : null),
};

function complaint(field) {
  const text = field.value.trim();
  if (!text) return field.required && field.dataset.missing ? field.dataset.missing : "";
  const fault = checks[field.dataset.check]?.(text);
  if (!fault) return "";
  const count = digits(text).length;
  const say = field.dataset[`say${fault[0].toUpperCase()}${fault.slice(1)}`] ?? "";
  return say.replace("{value}", text).replace("{count}", NUMBERS[count] ?? count);
}

function show(field) {
  const words = complaint(field);
  const frame = field.closest(".field");
  const place = document.getElementById(`${field.id}-error`)?.lastElementChild;
  if (!frame || !place) return true;
  frame.classList.toggle("field-bad", Boolean(words));
  place.textContent = words;
  if (words) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  return !words;
}

const watched = "[data-check], [data-missing]";
const wrong = (field) => field.getAttribute("aria-invalid") === "true";

document.addEventListener("focusout", (event) => {
  const field = event.target;
  if (field.matches?.(watched) && (field.value.trim() || wrong(field))) show(field);
});

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.matches?.(watched) && wrong(field) && !complaint(field)) show(field);
});

// Ours are kinder than the browser's bubbles; without script the bubbles stay.
const adopt = () => document.querySelectorAll("form").forEach((form) => form.querySelector(watched) && (form.noValidate = true));
adopt();
document.addEventListener("htmx:afterSwap", adopt);

document.addEventListener("submit", (event) => {
  if (event.submitter?.formNoValidate) return;
  // What is not shown was not asked, such as another card beside a saved one.
  const bad = [...event.target.querySelectorAll(watched)].filter((field) => field.checkVisibility() && !show(field));
  if (!bad.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  bad[0].focus();
}, { capture: true });
