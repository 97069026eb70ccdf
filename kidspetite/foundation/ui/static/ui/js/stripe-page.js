// What Stripe's elements on a page have in common: one Stripe, one look, one way to a token.
let made;

export const stripe = (key) => (made ??= window.Stripe(key));

export function look() {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  return {
    theme: isDark ? "night" : "stripe",
    variables: { borderRadius: "6px", fontFamily: getComputedStyle(document.body).fontFamily },
  };
}

// Never a card: a confirmation token, or what is wrong with what was typed.
export async function tokenOf(elements, key, params) {
  const { error } = await elements.submit();
  if (error) return { error };
  const found = await stripe(key).createConfirmationToken(params ? { elements, params } : { elements });
  if (found.error) return { error: found.error };
  const card = found.confirmationToken.payment_method_preview?.card;
  return { token: found.confirmationToken.id, label: card ? `${card.brand} ${card.last4}` : "" };
}
