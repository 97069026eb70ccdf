// The page works without any of this. Small parts travel joined with this file (stylesheet.py), larger ones only where a page holds them.
import "./forms.js";
import "./checks.js";
import "./overlays.js";
import "./toasts.js";
import "./me.js";
import "./basket.js";
import "./leads.js";
import "./moving.js";
import "./elements/size-tape.js";
import "./elements/unit-switch.js";
import "./elements/search-suggest.js";

const onDemand = {
  "photo-gallery": () => import("./elements/photo-gallery.js"),
  "quantity-stepper": () => import("./elements/quantity-stepper.js"),
  "passkey-way": () => import("./elements/passkey-way.js"),
  "address-lookup": () => import("./elements/address-lookup.js"),
};

function wake(root) {
  for (const [name, load] of Object.entries(onDemand)) {
    if (root.querySelector(name)) load();
  }
}

wake(document);
document.addEventListener("htmx:afterSwap", () => wake(document));

// How fast the page felt: asked of as many visits as the shop wants, of nobody who says not to be followed, and only when
// the page lies idle.
const whenIdle = (act) => (globalThis.requestIdleCallback ?? ((late) => setTimeout(late, 1000)))(act);
const asksNotTo = navigator.globalPrivacyControl || navigator.doNotTrack === "1";

if (!asksNotTo && Math.random() * 100 < Number(document.body.dataset.measured ?? 0)) {
  const measure = () => whenIdle(() => import("./vitals.js"));
  if (document.readyState === "complete") measure();
  else addEventListener("load", measure, { once: true });
}
