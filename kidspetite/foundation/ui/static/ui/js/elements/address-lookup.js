// Around the fields of an address. A ZIP fills in an empty city and state; with data-streets the street field gets a list of
// guesses (arrows choose, Enter takes, Escape closes). Nobody to ask, slow or down: it stays the plain form that it is.
const WAIT = 180;
const PATIENCE = 2500;

class AddressLookup extends HTMLElement {
  connectedCallback() {
    this.session = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
    const zip = this.part("postal_code");
    zip?.addEventListener("input", () => /^\d{5}$/.test(zip.value.trim()) && this.fromZip(zip.value.trim()));
    if ("streets" in this.dataset && this.part("line1")) this.listen(this.part("line1"));
  }

  part(name) { return this.querySelector(`[name="${name}"]`); }

  async ask(query) {
    this.running?.abort();
    const running = (this.running = new AbortController());
    const timer = setTimeout(() => running.abort(), PATIENCE);
    try {
      const answer = await fetch(`/api/address/suggest?${new URLSearchParams({ ...query, session: this.session })}`, { signal: running.signal });
      return answer.ok ? (await answer.json()).items : [];
    } catch {
      return [];
    } finally {
      clearTimeout(timer);
    }
  }

  async fromZip(code) {
    const [place] = await this.ask({ q: code });
    if (place?.address && this.part("postal_code").value.trim() === code) this.fill({ city: place.address.city, state: place.address.state }, { over: false });
  }

  // What somebody typed stays, unless they chose a whole address instead.
  fill(values, { over }) {
    for (const [name, value] of Object.entries(values)) {
      const field = this.part(name);
      if (!field || !value || (field.value && !over)) continue;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  listen(street) {
    this.street = street;
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `${street.id}-guesses`, className: "suggest-box address-guesses", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.dataset.streets);
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
  }

  soon() {
    clearTimeout(this.timer);
    const typed = this.street.value.trim();
    if (typed.length < 4) return this.close();
    this.timer = setTimeout(async () => this.show(await this.ask({ q: typed }), typed), WAIT);
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
    const address = item.address ?? (await this.ask({ place: item.id }))[0]?.address;
    if (!address) return;
    this.fill(address, { over: true });
    this.session = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
    this.part("line2")?.focus();
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

customElements.define("address-lookup", AddressLookup);
