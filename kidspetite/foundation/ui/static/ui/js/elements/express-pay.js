// Stripe's Express Checkout Element: Apple Pay, Google Pay, Link. With data-quote the wallet also gives the address, and our API
// answers what it costs to send it there; without, everything is known and the wallet only pays. A form of ours takes the token.
import { look, stripe, tokenOf } from "../stripe-page.js";

class ExpressPay extends HTMLElement {
  connectedCallback() {
    if (!window.Stripe) return this.gone();
    this.form = this.querySelector("form");
    this.hidden = false;
    this.elements = stripe(this.dataset.key).elements({
      mode: "payment",
      amount: Number(this.dataset.amount),
      currency: this.dataset.currency,
      captureMethod: this.dataset.capture,
      appearance: look(),
    });
    const wallets = this.elements.create("expressCheckout", this.options());
    wallets.on("ready", ({ availablePaymentMethods }) => availablePaymentMethods || this.gone());
    wallets.on("loaderror", () => this.gone());
    wallets.on("shippingaddresschange", ({ address, resolve, reject }) => this.answer({ state: address.state, postal_code: address.postal_code }, resolve, reject));
    wallets.on("shippingratechange", ({ shippingRate, resolve, reject }) => this.answer({ shipping_method: shippingRate.id }, resolve, reject));
    wallets.on("confirm", (event) => this.pay(event));
    wallets.mount(this.querySelector("[data-wallets]"));
  }

  options() {
    if (!this.dataset.quote) return { emailRequired: false };
    const first = [{ id: "later", displayName: this.dataset.later, amount: 0 }];
    return { emailRequired: true, phoneNumberRequired: true, shippingAddressRequired: true, allowedShippingCountries: ["US"], shippingRates: first };
  }

  // One quote, made by the shop: what a wallet shows is what it costs.
  async answer(change, resolve, reject) {
    this.where = { ...this.where, ...change };
    const query = new URLSearchParams({ ...this.where, ...(this.dataset.sku ? { sku: this.dataset.sku } : {}) });
    const response = await fetch(`${this.dataset.quote}?${query}`);
    const told = response.ok ? await response.json() : null;
    if (!told || told.total_cents === null) return reject();
    this.where.shipping_method = told.shipping_method;
    this.form.elements.expected_total_cents.value = told.total_cents;
    this.elements.update({ amount: told.total_cents });
    resolve({
      lineItems: told.lines.map(({ name, amount_cents }) => ({ name, amount: amount_cents })),
      shippingRates: told.rates.map(({ method, label, price_cents }) => ({ id: method, displayName: label, amount: price_cents })),
    });
  }

  async pay(event) {
    if (this.busy) return;
    this.busy = true;
    const { error, token, label } = await tokenOf(this.elements, this.dataset.key, null);
    if (error) {
      this.busy = false;
      event.paymentFailed({ reason: "fail" });
      this.querySelector("[data-said]").textContent = error.message;
      return;
    }
    this.fill({ token, label, ...this.told(event) });
    this.form.submit();
  }

  told({ billingDetails, shippingAddress, shippingRate }) {
    if (!this.dataset.quote) return {};
    const { line1, line2, city, state, postal_code } = shippingAddress.address;
    return {
      email: billingDetails.email, phone: billingDetails.phone || "", name: shippingAddress.name,
      line1, line2: line2 || "", city, state, postal_code, shipping_method: shippingRate.id,
    };
  }

  fill(told) {
    for (const [name, value] of Object.entries(told)) this.form.elements[name].value = value;
  }

  gone() {
    this.hidden = true;
    document.querySelectorAll("[data-no-wallet]").forEach((part) => { part.hidden = false; });
  }
}

customElements.define("express-pay", ExpressPay);
