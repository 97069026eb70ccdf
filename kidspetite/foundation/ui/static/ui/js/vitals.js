// How fast this page felt, told once, when it is left: its kind, the kind of device and five numbers. No address, nobody's name.
import { onCLS, onFCP, onINP, onLCP, onTTFB } from "./vendor/web-vitals.js";

const page = document.body.dataset.kind;
const felt = new Map();
let isTold = false;

function device() {
  if (Math.min(screen.width, screen.height) < 600) return "phone";
  return matchMedia("(pointer: coarse)").matches ? "tablet" : "desktop";
}

// A page that comes back from the browser's memory is a visit of its own. Listening before web-vitals does, so that its
// numbers for that visit are not dropped.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  felt.clear();
  isTold = false;
}, true);

const keep = ({ name, value }) => felt.set(name, name === "CLS" ? Math.round(value * 10_000) / 10_000 : Math.round(value));
for (const listen of [onCLS, onFCP, onINP, onLCP, onTTFB]) listen(keep);

// After web-vitals has heard of it at the window and has given its last numbers.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || isTold || !felt.size) return;
  const metrics = [...felt].map(([name, value]) => ({ name, value }));
  isTold = navigator.sendBeacon("/api/vitals", JSON.stringify({ page, device: device(), metrics }));
});
