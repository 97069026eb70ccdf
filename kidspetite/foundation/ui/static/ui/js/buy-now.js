// Buying one piece at once: the chosen size goes to the wallet page and not into the basket. Without script the button
// sends its form there by itself.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-buys-now]");
  if (!button) return;
  event.preventDefault();
  if (!button.form.reportValidity()) return;
  const chosen = new URLSearchParams({ sku: new FormData(button.form).get("sku") ?? "" });
  location.assign(`${button.formAction}?${chosen}`);
});
