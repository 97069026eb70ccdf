// The way in by a passkey is there only where the browser has passkeys; a hand that was withdrawn is answered in words.
class PasskeyWay extends HTMLElement {
  connectedCallback() {
    this.hidden = !("PublicKeyCredential" in window);
    document.addEventListener("allauth.error", (event) => {
      event.preventDefault();
      this.querySelector("[role=status]").textContent = this.dataset.failed;
    });
    this.addEventListener("click", () => (this.querySelector("[role=status]").textContent = ""));
  }
}

customElements.define("passkey-way", PasskeyWay);
