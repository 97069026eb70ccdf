// Inches or centimetres, remembered on this device; every tape of the page turns over.
const KEY = "kp-unit";
const root = document.documentElement;

function remembered() {
  try { return localStorage.getItem(KEY); } catch { return null; }
}

function remember(unit) {
  try { localStorage.setItem(KEY, unit); } catch { /* private windows may refuse; the page still turns */ }
}

function turn(unit) {
  root.dataset.unit = unit;
  document.querySelectorAll("unit-switch button").forEach((button) => button.setAttribute("aria-pressed", String(button.value === unit)));
}

class UnitSwitch extends HTMLElement {
  connectedCallback() {
    turn(root.dataset.unit ?? "in");
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button || button.value === root.dataset.unit) return;
      remember(button.value);
      turn(button.value);
      document.querySelectorAll(".tape-strip, .door-tape").forEach((tape) => {
        tape.classList.add("turning");
        tape.addEventListener("animationend", () => tape.classList.remove("turning"), { once: true });
      });
    });
  }
}

if (remembered() === "cm") turn("cm");
customElements.define("unit-switch", UnitSwitch);
