// A form that is sent as soon as something in it is chosen; its own button is for pages without script.
class AutoSubmit extends HTMLElement {
  connectedCallback() {
    this.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });
    this.addEventListener("change", (event) => event.target.form?.requestSubmit());
  }
}

customElements.define("auto-submit", AutoSubmit);
