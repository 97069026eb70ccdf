// What was put in last unfolds when the basket is next seen; the note about what was taken out falls quiet after ten seconds.
const STAY = 10_000;
const LAST = "added";

document.addEventListener("added", ({ target }) => {
  const sku = new FormData(target.closest("form") ?? undefined).get("sku");
  if (sku) sessionStorage.setItem(LAST, sku);
});

function unfold(root) {
  const sku = sessionStorage.getItem(LAST);
  const row = sku && root.querySelector(`.basket-line[data-sku="${CSS.escape(sku)}"]`);
  if (!row) return;
  sessionStorage.removeItem(LAST);
  row.classList.add("basket-line-new");
  row.addEventListener("animationend", () => row.classList.remove("basket-line-new"), { once: true });
}

class UndoNote extends HTMLElement {
  connectedCallback() {
    this.frame = this.closest("form");
    for (const name of ["pointerenter", "focusin"]) this.frame.addEventListener(name, () => this.hold());
    for (const name of ["pointerleave", "focusout"]) this.frame.addEventListener(name, () => this.run());
    this.run();
  }

  disconnectedCallback() { clearTimeout(this.timer); }

  run() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.toggleAttribute("data-quiet", true), STAY);
  }

  hold() {
    clearTimeout(this.timer);
    this.removeAttribute("data-quiet");
  }
}

customElements.define("undo-note", UndoNote);
document.addEventListener("htmx:afterSwap", ({ target }) => unfold(target));
unfold(document);
