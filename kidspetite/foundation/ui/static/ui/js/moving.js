// From a card to its product the picture moves along, where the browser can carry it from page to page (css/components/moving.css).
// The mark stays on the card: a page that comes back from the browser's memory takes its picture back to the same place.
let left = null;

document.addEventListener("click", (event) => (left = event.target.closest(".card")));

addEventListener("pageswap", ({ viewTransition, activation }) => {
  if (!viewTransition) return;
  document.querySelector(".card-left")?.classList.remove("card-left");
  const leads = left?.querySelector(".card-name a")?.href === activation.entry.url;
  if (leads) left.classList.add("card-left");
});
