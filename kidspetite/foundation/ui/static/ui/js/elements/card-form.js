// Stripe's card field inside a form of ours, to pay with or to save. What leaves this page is a token, never a card.
// Where Stripe's script or its field does not load, the form's token stays "hosted": Stripe's own page.
import { look, stripe, tokenOf } from "../stripe-page.js";

const BILLING = { line1: "line1", line2: "line2", city: "city", state: "state", postal_code: "postal" };

class CardForm extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    if (!window.Stripe) return this.offer(false);
    this.offer(true);
    this.elements = stripe(this.dataset.key).elements({ ...this.purpose(), currency: this.dataset.currency, appearance: look() });
    this.follow(this.form.elements.keep_card);
    const card = this.elements.create("payment", this.options());
    card.on("loaderror", () => this.offer(false));
    card.mount(this.querySelector("[data-card]"));
    this.form.addEventListener("submit", (event) => this.make(event));
  }

  purpose() {
    if (this.dataset.mode === "setup") return { mode: "setup", setupFutureUsage: "off_session", allowedPaymentMethodTypes: ["card"] };
    return { mode: "payment", amount: Number(this.dataset.amount), captureMethod: this.dataset.capture };
  }

  options() {
    const wallets = { applePay: "never", googlePay: "never" };
    return this.dataset.name ? { fields: { billingDetails: { email: "never", name: "never", address: "never" } }, wallets } : { wallets };
  }

  // The bank must be told before the token is made whether the card is to be kept.
  follow(tick) {
    if (!tick || this.dataset.mode === "setup") return;
    const tell = () => this.elements.update({ setupFutureUsage: tick.checked ? "off_session" : null });
    tick.addEventListener("change", tell);
    if (tick.checked) tell();
  }

  offer(hasField) {
    this.hasField = hasField;
    this.querySelectorAll("[data-field]").forEach((part) => { part.hidden = !hasField; });
    this.querySelector("[data-hosted]").hidden = hasField;
    this.querySelector("[data-gone]").hidden = hasField;
  }

  async make(event) {
    const chosen = new FormData(this.form).get("card");
    if (!this.hasField || (chosen && chosen !== "another")) return;
    event.preventDefault();
    if (this.busy) return;
    this.say("");
    this.busy = true;
    const { error, token, label } = await tokenOf(this.elements, this.dataset.key, this.billing());
    this.busy = false;
    if (error) return this.say(error.message);
    this.form.elements.token.value = token;
    this.form.elements.label.value = label;
    this.form.submit();
  }

  billing() {
    if (!this.dataset.name) return null;
    const address = Object.entries(BILLING).map(([name, kept]) => [name, this.dataset[kept] || ""]);
    const details = { name: this.dataset.name, email: this.dataset.email, phone: null, address: { ...Object.fromEntries(address), country: "US" } };
    return { payment_method_data: { billing_details: details } };
  }

  say(words) {
    const place = this.querySelector(".field-error");
    place.closest(".field").classList.toggle("field-bad", Boolean(words));
    place.lastElementChild.textContent = words;
  }
}

customElements.define("card-form", CardForm);
