// Plus and minus around a plain number field; never above what there is, and it says so.
class QuantityStepper extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.addEventListener("click", (event) => {
      const step = Number(event.target.closest("[data-step]")?.dataset.step ?? 0);
      if (step) this.set(this.value + step);
    });
    this.input.addEventListener("keydown", (event) => {
      const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.set(this.value + step);
    });
    this.input.addEventListener("change", (event) => event.isTrusted && this.set(this.value));
    this.mark();
  }

  get value() { return Number.parseInt(this.input.value, 10) || this.least; }
  get least() { return Number(this.input.dataset.min ?? 1); }
  get most() { return Number(this.input.dataset.max ?? 99); }

  set(wanted) {
    const value = Math.min(Math.max(wanted, this.least), this.most);
    const changed = this.input.value !== String(value);
    this.input.value = value;
    this.mark();
    if (wanted > this.most && this.input.dataset.most) {
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: this.input.dataset.most } }));
    }
    if (changed) this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  mark() {
    // Not "disabled": focus would fall off the button in the middle of pressing it.
    this.querySelector('[data-step="-1"]').setAttribute("aria-disabled", String(this.value <= this.least));
    this.querySelector('[data-step="1"]').setAttribute("aria-disabled", String(this.value >= this.most && !this.input.dataset.most));
  }
}

customElements.define("quantity-stepper", QuantityStepper);
