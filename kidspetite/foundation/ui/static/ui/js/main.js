// The page works without any of this. Small parts travel joined with this file (stylesheet.py), larger ones only where a page holds them.
import "./later.js";
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
import "./elements/photo-gallery.js";
import "./elements/quantity-stepper.js";
import "./elements/passkey-way.js";

if (document.querySelector("address-lookup")) import("./elements/address-lookup.js");

// How fast the page felt: asked of as many visits as the shop wants, of nobody who says not to be followed, and only when
// the page lies idle.
const whenIdle = (act) => (globalThis.requestIdleCallback ?? ((late) => setTimeout(late, 1000)))(act);
const asksNotTo = navigator.globalPrivacyControl || navigator.doNotTrack === "1";

if (!asksNotTo && Math.random() * 100 < Number(document.body.dataset.measured ?? 0)) {
  const measure = () => whenIdle(() => import("./vitals.js"));
  if (document.readyState === "complete") measure();
  else addEventListener("load", measure, { once: true });
}
