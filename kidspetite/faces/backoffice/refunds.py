"""What is to go back, worked out from what staff tick; nothing is sent here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kidspetite.faces.backoffice.order_page import MoneyBox
from kidspetite.foundation.kernel.errors import FieldError, Invalid
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui import formats
from kidspetite.sales.orders.types import LineSold, OrderView
from kidspetite.sales.payments import rules

REASONS = (
    ("returned", gettext_lazy("sent back")),
    ("damaged", gettext_lazy("arrived damaged")),
    ("late", gettext_lazy("arrived late")),
    ("missing", gettext_lazy("something was missing")),
    ("goodwill", gettext_lazy("goodwill")),
    ("other", gettext_lazy("other")),
)


class RefundUnclear(Invalid):
    """What was asked to go back cannot be; `errors` name the fields."""

    code = "backoffice.refund_unclear"
    message = gettext_lazy("Have another look: nothing has gone back.")


@dataclass(frozen=True, slots=True)
class Intended:
    """A refund before it is confirmed: the sum, and what it is made of."""

    amount: Money
    parts: tuple[tuple[str, Money], ...]
    reason: str


def read(typed: Mapping[str, str], order: OrderView, box: MoneyBox) -> Intended:
    """The refund that a form asks for. Raises RefundUnclear with the fields, for more than is left too."""
    reason = typed.get("reason", "")
    if reason not in dict(REASONS):
        raise RefundUnclear(errors=(FieldError("reason", _("Say why, for whoever reads this later.")),))
    note = typed.get("note", "").strip()[:150]
    parts = _parts(typed, order, box)
    amount = Money.total((worth for _name, worth in parts), order.total.currency)
    field = {"lines": "lines", "amount": "amount"}.get(typed.get("how", ""), "how")
    if amount.minor <= 0:
        raise RefundUnclear(errors=(FieldError(field, _("Choose what goes back: that comes to nothing.")),))
    if amount > box.left:
        words = _("That comes to %(asked)s, but only %(left)s is left of what was paid.")
        facts = {"asked": formats.money(amount), "left": formats.money(box.left)}
        raise RefundUnclear(errors=(FieldError(field, words % facts),))
    return Intended(amount, tuple(parts), f"{dict(REASONS)[reason]}{': ' + note if note else ''}")


def _parts(typed: Mapping[str, str], order: OrderView, box: MoneyBox) -> list[tuple[str, Money]]:
    match typed.get("how"):
        case "all":
            return [(_("All that is left"), box.left)]
        case "amount":
            return [(_("An amount"), _amount(typed.get("amount", ""), order.total.currency))]
        case "lines":
            return _lines(typed, order)
    raise RefundUnclear(errors=(FieldError("how", _("Choose how much goes back.")),))


def _amount(text: str, currency: str) -> Money:
    try:
        exact = Decimal(text.replace("$", "").replace(",", "").strip())
    except InvalidOperation:
        exact = Decimal("NaN")
    if not exact.is_finite() or exact <= 0 or exact > 10**7 or exact != exact.quantize(Decimal("0.01")):
        raise RefundUnclear(errors=(FieldError("amount", _("An amount in dollars and cents, such as 12.50.")),))
    return Money(int(exact * 100), currency)


def _lines(typed: Mapping[str, str], order: OrderView) -> list[tuple[str, Money]]:
    parts = []
    for line in order.lines:
        text = typed.get(f"line-{line.sku}", "").strip() or "0"
        if not text.isdecimal() or len(text) > 3 or int(text) > line.quantity:
            words = _("Of %(sku)s there were %(n)d.") % {"sku": line.sku, "n": line.quantity}
            raise RefundUnclear(errors=(FieldError("lines", words),))
        if pieces := int(text):
            worth = Money(rules.worth_of(_cost(line).minor, pieces=pieces, of=line.quantity), order.total.currency)
            parts.append((f"{pieces} × {line.name}, {line.size}, {line.colour}", worth))
    if typed.get("shipping"):
        parts.append((_("Shipping with its tax"), rest_of(order)))
    return parts


def rest_of(order: OrderView) -> Money:
    """What the total holds beside the lines: shipping with its tax, less a discount on the whole."""
    return order.total - Money.total((_cost(line) for line in order.lines), order.total.currency)


def _cost(line: LineSold) -> Money:
    return line.line_total - line.discount + line.tax
