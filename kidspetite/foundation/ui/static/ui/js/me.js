// Pages are the same for everyone; what is personal comes afterwards, and only when the cookie kp_hint says there is something.
// GET /fragments/me answers {cart_count, name, hearts: [product keys], fits: {name, keys: [product keys]}}; each may be missing.
// The basket's own page comes with it (data-me-known) and does not ask: a page that may not be stored, and has asked for something
// that may not be stored either, is dropped by the browser instead of waiting for the way back.

const PLACES = "[data-me], [data-heart], [data-product]";
const hinted = () => /(^|; )kp_hint=[^;]/.test(document.cookie) && document.querySelector(PLACES);
const known = document.querySelector("[data-me-known]");
let news = 0;

function show({ cart_count: count, name, hearts = [], fits }) {
  if (count !== undefined) showCount(count);
  if (name) document.querySelectorAll('[data-me="name"]').forEach((place) => (place.textContent = name));
  for (const key of hearts) document.querySelectorAll(`[data-heart="${CSS.escape(key)}"]`).forEach((heart) => heart.setAttribute("aria-pressed", "true"));
  for (const key of fits?.keys ?? []) document.querySelectorAll(`[data-product="${CSS.escape(key)}"]`).forEach((card) => badge(card, fits.name));
}

function showCount(count) {
  for (const place of document.querySelectorAll('[data-me="cart_count"]')) {
    const words = count > 0 ? String(count) : "";
    if (place.textContent && place.textContent !== words) {
      place.classList.add("count-tick");
      place.addEventListener("animationend", () => place.classList.remove("count-tick"), { once: true });
    }
    place.textContent = words;
  }
}

function badge(card, name) {
  if (card.querySelector(".card-badge")) return;
  const place = Object.assign(document.createElement("p"), { className: "card-badge" });
  place.append(Object.assign(document.createElement("span"), { className: "name-tape name-tape-badge", textContent: `fits ${name}` }));
  card.append(place);
}

// What the page was told while this was under way is newer than the answer.
async function refresh() {
  const before = news;
  const answer = await fetch("/fragments/me", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const told = await answer.json();
  show(news === before ? told : { ...told, cart_count: undefined });
}

// A basket that has changed since it was left is shown anew as a whole.
async function lookAgain() {
  const before = counted();
  await refresh();
  if (known && counted() !== before) location.reload();
}

const counted = () => document.querySelector('[data-me="cart_count"]')?.textContent;

document.addEventListener("me", (event) => {
  news += 1;
  show(event.detail);
});
if (!known && hinted()) refresh();
addEventListener("pageshow", (event) => event.persisted && (known || hinted()) && lookAgain());
