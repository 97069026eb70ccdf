"""A stand-in for Stripe.js: it draws a field, notes every call, and refuses what Stripe does not document."""

STRIPE_JS = r"""
(() => {
  const calls = (window.stripeCalls = []);
  const OPTIONS = ["mode", "amount", "currency", "captureMethod", "appearance"];
  const KINDS = { payment: ["fields", "wallets"], expressCheckout: ["emailRequired"] };
  const EVENTS = {
    payment: ["ready", "change", "loaderror"],
    expressCheckout: ["ready", "click", "confirm", "cancel", "loaderror"],
  };
  const known = (told, allowed, where) => {
    const odd = Object.keys(told).filter((name) => !allowed.includes(name));
    if (odd.length) throw new Error(`${where}: unknown options ${odd}`);
  };
  class Element {
    constructor(kind, options) { this.kind = kind; this.options = options; this.heard = {}; }
    on(name, run) {
      if (!EVENTS[this.kind].includes(name)) throw new Error(`${this.kind}: no event ${name}`);
      this.heard[name] = run;
      return this;
    }
    mount(place) {
      if (!place) throw new Error("mount needs a place");
      calls.push(["mount", this.kind]);
      place.textContent = this.kind === "payment" ? "[card field]" : "";
      if (this.kind === "expressCheckout") {
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Apple Pay" });
        button.addEventListener("click", () => this.heard.confirm({ expressPaymentType: "apple_pay" }));
        place.append(button);
      }
      setTimeout(() => this.heard.ready?.({ availablePaymentMethods: { applePay: true } }));
    }
  }
  window.Stripe = (key) => {
    if (!key.startsWith("pk_")) throw new Error("a publishable key is needed");
    calls.push(["Stripe", key]);
    let submitted = false;
    return {
      elements(options) {
        known(options, OPTIONS, "elements");
        const isSum = Number.isInteger(options.amount) && options.currency === "usd";
        if (options.mode !== "payment" || !isSum) throw new Error("elements: mode, amount in cents, currency");
        calls.push(["elements", options.amount, options.captureMethod]);
        return {
          create(kind, told = {}) {
            if (!KINDS[kind]) throw new Error(`no element ${kind}`);
            known(told, KINDS[kind], kind);
            return new Element(kind, told);
          },
          async submit() {
            calls.push(["submit"]);
            if (window.stripeFault) return { error: { message: window.stripeFault } };
            submitted = true;
            return {};
          },
        };
      },
      async createConfirmationToken({ elements, params }) {
        if (!submitted) throw new Error("elements.submit() comes first");
        if (!elements) throw new Error("elements are needed");
        const { billing_details: billing } = params.payment_method_data;
        for (const name of ["line1", "line2", "city", "state", "postal_code", "country"]) {
          if (typeof billing.address[name] !== "string") throw new Error(`${name} is needed, its field is hidden`);
        }
        calls.push(["createConfirmationToken", billing.name, billing.email]);
        const id = `ctoken_card_${window.stripeCard ?? "visa"}`;
        return { confirmationToken: { id, payment_method_preview: { card: { brand: "visa", last4: "4242" } } } };
      },
    };
  };
})();
"""
