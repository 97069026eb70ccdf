// A list under the search field, from the second letter on. Arrows choose, Enter goes, Escape closes; without script it is a form.
const WAIT = 120;

class SearchSuggest extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.box = this.querySelector(".suggest-box");
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("focusout", (event) => !this.contains(event.relatedTarget) && this.close());
    // Else the field loses its focus before the click arrives, and the list is gone.
    this.box.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const words = this.input.value.trim();
    this.running?.abort();
    if (words.length < 2) return this.close();
    this.running = new AbortController();
    const address = `${this.dataset.from}?q=${encodeURIComponent(words)}`;
    const answer = await fetch(address, { signal: this.running.signal }).catch(() => null);
    if (!answer?.ok) return;
    this.box.innerHTML = await answer.text();
    this.options = [...this.box.querySelectorAll('[role="option"]')];
    this.at = -1;
    this.open(this.options.length > 0);
  }

  open(is) {
    this.box.hidden = !is;
    this.input.setAttribute("aria-expanded", String(is));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() { this.open(false); }

  key(event) {
    if (this.box.hidden) return;
    if (event.key === "Escape") { event.preventDefault(); return this.close(); }
    const chosen = this.options[this.at];
    if (event.key === "Enter" && chosen) { event.preventDefault(); return chosen.querySelector("a").click(); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.at = (this.at + step + this.options.length) % this.options.length;
    this.options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.at)));
    this.input.setAttribute("aria-activedescendant", this.options[this.at].id);
    this.options[this.at].scrollIntoView({ block: "nearest" });
  }
}

customElements.define("search-suggest", SearchSuggest);
