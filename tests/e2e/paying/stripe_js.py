"""A stand-in for Stripe.js: it draws a field and a wallet, notes every call, and refuses what Stripe does not document.

Its names are those of https://docs.stripe.com/js and of the types of `@stripe/stripe-js`.
"""

STRIPE_JS = r"""
(() => {
  const calls = (window.stripeCalls = []);
  const ELEMENTS = [
    "mode", "amount", "currency", "captureMethod", "setupFutureUsage", "allowedPaymentMethodTypes", "appearance",
  ];
  const UPDATES = ["mode", "amount", "currency", "captureMethod", "setupFutureUsage"];
  const KINDS = {
    payment: ["fields", "wallets"],
    expressCheckout: [
      "emailRequired", "phoneNumberRequired", "shippingAddressRequired", "allowedShippingCountries", "shippingRates",
      "lineItems",
    ],
  };
  const EVENTS = {
    payment: ["ready", "change", "loaderror"],
    expressCheckout: [
      "ready", "click", "confirm", "cancel", "shippingaddresschange", "shippingratechange", "loaderror",
    ],
  };
  const known = (told, allowed, where) => {
    const odd = Object.keys(told).filter((name) => !allowed.includes(name));
    if (odd.length) throw new Error(`${where}: unknown options ${odd}`);
  };
  const cents = (amount, where) => {
    if (!Number.isInteger(amount)) throw new Error(`${where}: an amount in whole cents is needed`);
  };
  const PLACE = { city: "Brooklyn", state: "NY", postal_code: "11201", country: "US" };
  const HOME = { line1: "12 Fern Street", line2: null, ...PLACE };

  class Element {
    constructor(kind, options, group) { this.kind = kind; this.options = options; this.group = group; this.heard = {}; }
    on(name, run) {
      if (!EVENTS[this.kind].includes(name)) throw new Error(`${this.kind}: no event ${name}`);
      this.heard[name] = run;
      return this;
    }
    mount(place) {
      if (!place) throw new Error("mount needs a place");
      calls.push(["mount", this.kind]);
      if (this.kind === "payment") place.textContent = "[card field]";
      else place.append(this.button());
      const found = window.stripeNoWallet ? undefined : { applePay: true };
      setTimeout(() => this.heard.ready?.({ availablePaymentMethods: found }));
    }
    button() {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Apple Pay" });
      button.addEventListener("click", () => this.sheet());
      return button;
    }
    // What a wallet does once it is touched: it asks what sending costs, lets the shopper choose a way, and confirms.
    async sheet() {
      const paymentFailed = (why) => calls.push(["paymentFailed", why.reason]);
      const told = { expressPaymentType: "apple_pay", paymentFailed };
      if (!this.options.shippingAddressRequired) return this.heard.confirm(told);
      this.checkRates(this.options.shippingRates);
      const home = { ...HOME, ...(window.stripeHome ?? {}) };
      const { city, state, postal_code, country } = home;
      const seen = { name: "Maya Alvarez", address: { city, state, postal_code, country } };
      let answer = await this.ask("shippingaddresschange", seen);
      if (!answer) return document.documentElement.setAttribute("data-rejected", "");
      let rate = answer.shippingRates[0];
      if (window.stripeRate) {
        rate = answer.shippingRates.find((one) => one.id === window.stripeRate);
        answer = await this.ask("shippingratechange", { shippingRate: rate });
      }
      calls.push(["sheet", this.group.amount, answer.lineItems.reduce((sum, line) => sum + line.amount, rate.amount)]);
      const who = { name: "Maya Alvarez", address: home };
      const billingDetails = { ...who, email: "maya@home.example", phone: "+17185550134" };
      this.heard.confirm({ ...told, shippingRate: rate, shippingAddress: who, billingDetails });
    }
    ask(name, event) {
      return new Promise((done) => {
        const resolve = (told = {}) => {
          known(told, ["lineItems", "shippingRates", "applePay"], name);
          told.lineItems?.forEach((line) => known(line, ["name", "amount"], "lineItems"));
          told.lineItems?.forEach((line) => cents(line.amount, "lineItems"));
          this.checkRates(told.shippingRates);
          calls.push([name, "resolve"]);
          done(told);
        };
        const reject = () => { calls.push([name, "reject"]); done(null); };
        this.heard[name]({ ...event, resolve, reject });
      });
    }
    checkRates(rates) {
      if (!rates?.length) throw new Error("shippingRates are needed where an address is asked for");
      rates.forEach((rate) => known(rate, ["id", "displayName", "amount", "deliveryEstimate"], "shippingRates"));
      rates.forEach((rate) => cents(rate.amount, "shippingRates"));
    }
  }
  window.Stripe = (key) => {
    if (!key.startsWith("pk_")) throw new Error("a publishable key is needed");
    calls.push(["Stripe", key]);
    return {
      elements(options) {
        known(options, ELEMENTS, "elements");
        if (options.currency !== "usd") throw new Error("elements: a currency is needed");
        if (options.mode === "payment") cents(options.amount, "elements");
        else if (options.mode !== "setup" || options.amount !== undefined) throw new Error("elements: odd mode");
        calls.push(["elements", options.mode, options.amount ?? null]);
        const group = { ...options, submitted: false };
        group.create = (kind, told = {}) => {
          if (!KINDS[kind]) throw new Error(`no element ${kind}`);
          known(told, KINDS[kind], kind);
          return new Element(kind, told, group);
        };
        group.update = (told) => {
          known(told, UPDATES, "elements.update");
          Object.assign(group, told);
          calls.push(["update", told]);
        };
        group.submit = async () => {
          calls.push(["submit"]);
          if (window.stripeFault) return { error: { message: window.stripeFault } };
          group.submitted = true;
          return {};
        };
        return group;
      },
      async createConfirmationToken({ elements, params }) {
        if (!elements?.submitted) throw new Error("elements.submit() comes first");
        const billing = params?.payment_method_data?.billing_details;
        for (const name of billing ? ["line1", "line2", "city", "state", "postal_code", "country"] : []) {
          if (typeof billing.address[name] !== "string") throw new Error(`${name} is needed, its field is hidden`);
        }
        calls.push(["createConfirmationToken", billing?.name ?? null, elements.setupFutureUsage ?? null]);
        const id = `ctoken_card_${window.stripeCard ?? "visa"}`;
        return { confirmationToken: { id, payment_method_preview: { card: { brand: "visa", last4: "4242" } } } };
      },
    };
  };
})();
"""
