"""Sales tax on clothes by state.

Rounding, stated once: tax is computed for each line as a whole on what is paid for it after discounts, and rounded
half up to the cent there; shipping is rounded as a line of its own. The tax of an order is the sum of those.
"""

from __future__ import annotations

from collections.abc import Sequence

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.types import ClothingTax


def taxable(net: Money, *, quantity: int, rule: ClothingTax) -> Money:
    """The part of a line that is taxed. Thresholds count for each piece, at its price after discounts."""
    nothing = Money.zero(net.currency)
    if rule.is_exempt:
        return nothing
    if rule.exempt_below is None:
        return net
    free = rule.exempt_below * quantity
    if net < free:
        return nothing
    return net - free if rule.taxes_excess_only else net


def line_tax(net: Money, *, quantity: int, rule: ClothingTax) -> Money:
    return taxable(net, quantity=quantity, rule=rule).percent(rule.rate)


def shipping_tax(shipping: Money, *, nets: Sequence[Money], taxed: Sequence[Money], rule: ClothingTax) -> Money:
    """Where shipping is taxed, it is in proportion to the goods: free for a parcel of exempt clothes."""
    if not rule.taxes_shipping or not shipping:
        return Money.zero(shipping.currency)
    whole, part = Money.total(nets).minor, Money.total(taxed).minor
    if not part:
        return Money.zero(shipping.currency)
    return shipping.share([part, whole - part])[0].percent(rule.rate)
