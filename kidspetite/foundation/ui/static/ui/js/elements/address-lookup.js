// Around the fields of an address. A ZIP fills in an empty city and state; with data-streets the street field gets a list of
// guesses. Nobody to ask, slow or down: it stays the plain form that it is.
import { StreetGuesses } from "./street-guesses.js";

const PATIENCE = 2500;

class AddressLookup extends HTMLElement {
  connectedCallback() {
    this.begin();
    const zip = this.part("postal_code");
    const look = () => /^\d{5}$/.test(zip.value.trim()) && this.fromZip(zip.value.trim());
    zip?.addEventListener("input", look);
    if (zip && !this.part("city")?.value) look(); // typed before this script had come
    if ("streets" in this.dataset && this.part("line1")) this.guesses = new StreetGuesses(this.part("line1"), this);
  }

  begin() { this.session = crypto.randomUUID?.() ?? String(Math.random()).slice(2); }

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
      field.closest("details")?.setAttribute("open", "");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  take(address) {
    this.fill(address, { over: true });
    this.begin();
    this.part("line2")?.closest("details")?.setAttribute("open", "");
    this.part("line2")?.focus();
  }
}

customElements.define("address-lookup", AddressLookup);
