// data-opens="id" shows a dialog, data-closes shuts the one around it, a click beside it shuts it too.
// With data-opens-on="(a media query)" only there; elsewhere the link's own address serves. The dialog hears "opened".
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const fits = opener && matchMedia(opener.dataset.opensOn ?? "all").matches;
  const dialog = fits && document.getElementById(opener.dataset.opens);
  if (dialog?.showModal && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    dialog.showModal();
    dialog.dispatchEvent(new Event("opened"));
    return;
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target.matches("dialog.overlay")) beside(event);

  const focuses = event.target.closest("[data-focuses]");
  // After the address has moved to the fragment, which is what unfolds the field.
  if (focuses) setTimeout(() => document.getElementById(focuses.dataset.focuses)?.focus());
});

function beside(event) {
  const box = event.target.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) event.target.close();
}
