// A tape brings its chosen segment to the middle, and tells its form what was chosen.
// When a page's part is drawn anew (another colour), the size chosen before stays chosen.
let before;

class SizeTape extends HTMLElement {
  connectedCallback() {
    this.strip = this.querySelector(".tape-strip");
    this.again();
    this.centre();
    this.addEventListener("change", (event) => this.tell(event.target));
    this.closest("form")?.addEventListener("rested", () => before && this.tell(this.chosen));
  }

  get chosen() { return this.querySelector("input:checked"); }

  again() {
    if (this.chosen && !this.chosen.defaultChecked) return this.tell(this.chosen); // before this script had come
    const same = before && !this.chosen && [...this.querySelectorAll("input[type=radio]")].find((radio) => radio.dataset.label === before);
    if (!same) return;
    same.checked = true;
    this.tell(same);
  }

  centre() {
    const chosen = this.querySelector("[aria-current], :checked")?.closest(".tape-segment");
    if (!chosen || this.strip.scrollWidth <= this.strip.clientWidth) return;
    const place = chosen.getBoundingClientRect();
    const strip = this.strip.getBoundingClientRect();
    this.strip.scrollLeft += place.left - strip.left - (strip.width - place.width) / 2;
  }

  tell({ dataset, form }) {
    const scope = form ?? document;
    for (const what of ["label", "price", "more"]) {
      if (what in dataset) scope.querySelectorAll(`[data-chosen="${what}"]`).forEach((place) => (place.textContent = dataset[what]));
    }
    before = dataset.label;
  }
}

customElements.define("size-tape", SizeTape);
