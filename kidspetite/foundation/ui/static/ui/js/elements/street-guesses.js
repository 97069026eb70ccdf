// The list of guesses under a street field: arrows choose, Enter takes, Escape closes. Its lookup asks, and fills in what was taken.
const WAIT = 180;

export class StreetGuesses {
  constructor(street, lookup) {
    this.street = street;
    this.lookup = lookup;
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `${street.id}-guesses`, className: "suggest-box address-guesses", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", lookup.dataset.streets);
    const isTyping = document.activeElement === street; // before this script had come
    const frame = document.createElement("div");
    frame.className = "address-street";
    street.replaceWith(frame);
    frame.append(street, this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": this.list.id })) street.setAttribute(name, value);
    street.addEventListener("input", (event) => event.isTrusted && this.soon());
    street.addEventListener("keydown", (event) => this.key(event));
    street.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(this.options.indexOf(option));
    });
    if (isTyping) {
      street.focus();
      this.soon();
    }
  }

  soon() {
    clearTimeout(this.timer);
    const typed = this.street.value.trim();
    if (typed.length < 4) return this.close();
    this.timer = setTimeout(async () => this.show(await this.lookup.ask({ q: typed }), typed), WAIT);
  }

  show(items, typed) {
    if (typed !== this.street.value.trim() || document.activeElement !== this.street) return;
    this.items = items.slice(0, 5);
    this.at = -1;
    this.options = this.items.map((item, index) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const detail = document.createElement("span");
      detail.className = "soft small";
      detail.textContent = item.detail;
      option.append(item.text, " ", detail);
      return option;
    });
    this.list.replaceChildren(...this.options);
    this.open(this.options.length > 0);
  }

  open(is) {
    this.list.hidden = !is;
    this.street.setAttribute("aria-expanded", String(is));
    this.street.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    if (!this.list.hidden) this.open(false);
  }

  async take(index) {
    const item = this.items[index];
    this.close();
    const address = item.address ?? (await this.lookup.ask({ place: item.id }))[0]?.address;
    if (address) this.lookup.take(address);
  }

  key(event) {
    if (this.list.hidden) return;
    if (event.key === "Escape") { event.preventDefault(); return this.close(); }
    if (event.key === "Enter" && this.at >= 0) { event.preventDefault(); return this.take(this.at); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const count = this.options.length;
    this.at = this.at < 0 && step < 0 ? count - 1 : (this.at + step + count) % count;
    this.options.forEach((option, each) => option.setAttribute("aria-selected", String(each === this.at)));
    this.street.setAttribute("aria-activedescendant", this.options[this.at].id);
  }
}
