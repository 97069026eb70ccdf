// A form that is sent as soon as something in it is chosen; its own button is for pages without script.

// A page that is gone back to, or loaded anew, brings old choices along by itself: those are nobody's wish.
const isFresh = () => performance.getEntriesByType("navigation")[0]?.type === "navigate";

class AutoSubmit extends HTMLElement {
  connectedCallback() {
    this.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });
    this.addEventListener("change", (event) => event.target.form?.requestSubmit());
    const chosen = [...this.querySelectorAll("input")].find((field) => field.checked !== field.defaultChecked);
    if (chosen && isFresh()) chosen.form?.requestSubmit(); // chosen before this script had come
  }
}

customElements.define("auto-submit", AutoSubmit);
