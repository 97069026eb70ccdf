// A tape brings its chosen segment to the middle, and tells its form what was chosen.
class SizeTape extends HTMLElement {
  connectedCallback() {
    this.strip = this.querySelector(".tape-strip");
    this.centre();
    this.addEventListener("change", (event) => this.tell(event.target));
  }

  centre() {
    const chosen = this.querySelector("[aria-current], :checked")?.closest(".tape-segment");
    if (!chosen || this.strip.scrollWidth <= this.strip.clientWidth) return;
    const place = chosen.getBoundingClientRect();
    const strip = this.strip.getBoundingClientRect();
    this.strip.scrollLeft += place.left - strip.left - (strip.width - place.width) / 2;
  }

  tell(radio) {
    const { label, price, soldOut } = radio.dataset;
    const form = radio.form ?? document;
    form.querySelectorAll('[data-chosen="label"]').forEach((place) => (place.textContent = label));
    if (price) form.querySelectorAll('[data-chosen="price"]').forEach((place) => (place.textContent = price));
    form.toggleAttribute?.("data-sold-out", soldOut !== undefined);
  }
}

customElements.define("size-tape", SizeTape);
