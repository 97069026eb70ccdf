// Events for pages and for answers (HX-Trigger):
//   toast {text, undo: {action, label}}  a note with a way back, for ten seconds
//   added {label, count}                 the button says so for two seconds, the basket counts
const STAY = 10_000;
const ADDED = 2_000;
const shelf = document.getElementById("toasts");

class ToastNote extends HTMLElement {
  connectedCallback() {
    this.left = STAY;
    this.addEventListener("click", (event) => event.target.closest("[data-dismiss]") && this.remove());
    for (const name of ["pointerenter", "focusin"]) this.addEventListener(name, () => this.hold());
    for (const name of ["pointerleave", "focusout"]) this.addEventListener(name, () => this.run());
    this.run();
  }

  disconnectedCallback() { clearTimeout(this.timer); }

  run() {
    clearTimeout(this.timer);
    this.since = performance.now();
    this.timer = setTimeout(() => this.remove(), this.left);
  }

  hold() {
    clearTimeout(this.timer);
    this.left = Math.max(2_000, this.left - (performance.now() - this.since));
  }
}

customElements.define("toast-note", ToastNote);

function toast({ text, undo }) {
  if (!shelf) return;
  const note = document.createElement("toast-note");
  note.className = "toast";
  note.append(Object.assign(document.createElement("p"), { className: "toast-words", textContent: text }));
  if (undo?.action) note.append(undoForm(undo));
  shelf.append(note);
}

function undoForm({ action, label = "Undo" }) {
  const form = Object.assign(document.createElement("form"), { method: "post", action });
  form.append(Object.assign(document.createElement("button"), { textContent: label }));
  return form;
}

// The button's own words, kept until nothing more was added for a while. A size that was chosen meanwhile is told anew.
const own = new WeakMap();

function added(target, { label, text }) {
  const button = target.matches?.("[data-added]") ? target : target.querySelector?.("[data-added]");
  if (!button) return;
  const { words, timer } = own.get(button) ?? { words: button.innerHTML };
  clearTimeout(timer);
  button.textContent = text ?? button.dataset.added.replace("{label}", label ?? "");
  button.setAttribute("aria-live", "polite");
  own.set(button, { words, timer: setTimeout(() => rest(button), ADDED) });
}

function rest(button) {
  button.innerHTML = own.get(button).words;
  own.delete(button);
  button.dispatchEvent(new Event("rested", { bubbles: true }));
}

document.addEventListener("toast", (event) => toast(event.detail));
document.addEventListener("added", (event) => {
  added(event.target, event.detail);
  document.dispatchEvent(new CustomEvent("me", { detail: { cart_count: event.detail.count } }));
});
