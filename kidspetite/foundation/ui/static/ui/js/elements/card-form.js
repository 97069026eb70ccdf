// Stripe's elements on the payment step: wallets first, then the card. What leaves this page is a token, never a card.
// Where Stripe's script or its field does not load, the plain form below offers Stripe's own page.
const BILLING = { line1: "line1", line2: "line2", city: "city", state: "state", postal_code: "postal" };

class CardForm extends HTMLElement {
  connectedCallback() {
    if (!window.Stripe) return;
    this.form = this.querySelector("form");
    this.button = this.form.querySelector("button");
    this.offer(true);
    this.stripe = window.Stripe(this.dataset.key);
    this.elements = this.stripe.elements({
      mode: "payment",
      amount: Number(this.dataset.amount),
      currency: this.dataset.currency,
      captureMethod: this.dataset.capture,
      appearance: this.look(),
    });
    this.mountWallets();
    this.mountCard();
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.make("card"); });
  }

  mountWallets() {
    const place = this.querySelector("[data-wallets]");
    const wallets = this.elements.create("expressCheckout", { emailRequired: false });
    wallets.on("ready", ({ availablePaymentMethods }) => { place.hidden = !availablePaymentMethods; });
    wallets.on("confirm", () => this.make("wallet"));
    wallets.mount(place);
  }

  mountCard() {
    const card = this.elements.create("payment", {
      fields: { billingDetails: { email: "never", name: "never", address: "never" } },
      wallets: { applePay: "never", googlePay: "never" },
    });
    card.on("loaderror", () => this.offer(false));
    card.mount(this.querySelector("[data-card]"));
  }

  offer(hasField) {
    this.hidden = !hasField;
    const hosted = document.querySelector("[data-hosted]");
    hosted.hidden = hasField;
    hosted.querySelector("[data-gone]").hidden = hasField;
  }

  async make(how) {
    if (this.button.disabled) return;
    this.say("");
    this.button.disabled = true;
    const found = await this.token();
    if (found.error) { this.button.disabled = false; this.say(found.error.message); return; }
    const card = found.confirmationToken.payment_method_preview?.card;
    this.form.elements.token.value = found.confirmationToken.id;
    this.form.elements.label.value = card ? `${card.brand} ${card.last4}` : "";
    this.form.elements.how.value = how;
    this.form.submit();
  }

  async token() {
    const { error } = await this.elements.submit();
    if (error) return { error };
    return this.stripe.createConfirmationToken({
      elements: this.elements,
      params: { payment_method_data: { billing_details: this.billing() } },
    });
  }

  billing() {
    const address = Object.entries(BILLING).map(([name, kept]) => [name, this.dataset[kept] || ""]);
    return { name: this.dataset.name, email: this.dataset.email, phone: null, address: { ...Object.fromEntries(address), country: "US" } };
  }

  say(words) {
    const place = this.querySelector(".field-error");
    place.closest(".field").classList.toggle("field-bad", Boolean(words));
    place.lastElementChild.textContent = words;
  }

  look() {
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    return {
      theme: isDark ? "night" : "stripe",
      variables: { borderRadius: "6px", fontFamily: getComputedStyle(document.body).fontFamily },
    };
  }
}

customElements.define("card-form", CardForm);
