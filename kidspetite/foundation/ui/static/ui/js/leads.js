// A button that leads elsewhere with the chosen size: to the wallet page, or to being told when it is back. Without
// script it sends its form there by itself.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-leads]");
  if (!button) return;
  event.preventDefault();
  if (!button.form.reportValidity()) return;
  const chosen = new URLSearchParams({ sku: new FormData(button.form).get("sku") ?? "" });
  location.assign(`${button.formAction}?${chosen}`);
});
