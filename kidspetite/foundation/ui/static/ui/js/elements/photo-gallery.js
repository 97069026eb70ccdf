// Swiping is the browser's own; this adds the place ("2 / 5"), arrow keys, and zooming in a dialog.
class PhotoGallery extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector(".gallery");
    this.place = this.querySelector(".gallery-place");
    this.dialog = this.querySelector("dialog");
    this.zoom = this.querySelector(".zoom");
    this.links = [...this.querySelectorAll(".gallery-open")];
    this.list.addEventListener("scroll", () => this.count(), { passive: true });
    this.addEventListener("keydown", (event) => this.key(event));
    this.links.forEach((link, index) => link.addEventListener("click", (event) => this.open(event, index)));
    this.zoom.addEventListener("click", (event) => event.target.matches("img") && event.target.classList.toggle("zoomed"));
    this.count();
  }

  count() {
    const at = Math.round(this.list.scrollLeft / this.list.clientWidth) + 1;
    this.place.textContent = this.links.length > 1 ? `${at} / ${this.links.length}` : "";
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const strip = this.dialog.open ? this.zoom : this.list;
    if (strip.scrollWidth <= strip.clientWidth) return this.walk(step);
    event.preventDefault();
    strip.scrollBy({ left: step * strip.clientWidth });
  }

  walk(step) {
    const next = this.links[this.links.indexOf(document.activeElement) + step];
    next?.focus();
  }

  open(event, index) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!this.zoom.children.length) this.fill();
    this.dialog.showModal();
    this.zoom.scrollLeft = index * this.zoom.clientWidth;
  }

  fill() {
    for (const link of this.links) {
      const image = link.querySelector("img").cloneNode();
      Object.assign(image, { src: link.href, loading: "lazy" });
      image.removeAttribute("fetchpriority");
      const item = document.createElement("li");
      item.className = [...link.querySelector("picture").classList].filter((name) => name.startsWith("wash-")).join(" ");
      item.append(image);
      this.zoom.append(item);
    }
  }
}

customElements.define("photo-gallery", PhotoGallery);
