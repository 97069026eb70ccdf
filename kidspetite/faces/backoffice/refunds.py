"""What is to go back, read from what staff tick; nothing is worked out or sent here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kidspetite.faces.backoffice.dollars import typed_amount
from kidspetite.foundation.kernel.errors import FieldError, Invalid
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui import formats
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments.errors import NothingPaid, RefundTooLarge, RefundUnfit
from kidspetite.sales.payments.queries import refunds as payments
from kidspetite.sales.payments.types import Giving, RefundPlan, RefundTo

type Reasons = Sequence[tuple[str, str | Promise]]

REASONS: Reasons = (
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
    """A refund before it is confirmed: the wish, what it comes to, what it is made of in words, and why."""

    giving: Giving
    plan: RefundPlan
    parts: tuple[tuple[str, Money], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line on the form: how many of its pieces may still go back, and how many are ticked."""

    sku: str
    name: str
    facts: str
    unit_price: Money
    left: int
    gone: int
    ticked: str


def read(typed: Mapping[str, str], order: Order) -> Intended:
    """The refund that a form asks for. Raises RefundUnclear with the fields, for more than is left too."""
    reason = reason_typed(typed)
    giving = _giving(typed, order)
    field = typed.get("how", "") if typed.get("how") in ("lines", "amount") else "how"
    try:
        plan = payments.refund_plan(order, giving, payments.tenders_of(order.pk))
    except NothingPaid as error:
        raise RefundUnclear(errors=(FieldError("how", error.message),)) from error
    except RefundUnfit as error:
        words = _("Of %(sku)s there are %(n)d left to go back.")
        facts = {"sku": error.errors[0].field or _("shipping"), "n": error.facts["left"]}
        raise RefundUnclear(errors=(FieldError("lines", words % facts),)) from error
    except RefundTooLarge as error:
        words = _("Only %(left)s is left of what was paid.")
        facts = {"left": formats.money(error.facts["left_cents"])}
        raise RefundUnclear(errors=(FieldError(field, words % facts),)) from error
    parts = [(payments.label_of(part, order), part.worth) for part in plan.parts]
    if plan.before:
        parts.append((_("of which went back before"), -plan.before))
    elif not parts:
        parts.append((_("An amount") if giving.amount else _("All that is left"), plan.amount))
    return Intended(giving, plan, tuple(parts), reason)


def reason_typed(typed: Mapping[str, str], reasons: Reasons = REASONS) -> str:
    """Why, as it goes on record. Raises RefundUnclear when nobody says."""
    chosen = dict(reasons).get(typed.get("reason", ""))
    if chosen is None:
        raise RefundUnclear(errors=(FieldError("reason", _("Say why, for whoever reads this later.")),))
    note = typed.get("note", "").strip()[:150]
    return f"{chosen}{': ' + note if note else ''}"


def lines_left(order: Order, typed: Mapping[str, str]) -> list[LineLeft]:
    """The lines of the form, each with the pieces that may still go back."""
    gone = payments.refunded_pieces(order.pk)
    return [
        LineLeft(
            row.sku, row.name, f"{row.size_label}, {row.colour_name}", row.unit_price, row.quantity - gone[row.sku],
            gone[row.sku], typed.get(f"line-{row.sku}", "0"),
        )
        for row in order.lines.all()
    ]  # fmt: skip


def sending_left(order: Order) -> Money | None:
    """What the sending would give back; None when it went back already."""
    return None if payments.refunded_pieces(order.pk)[payments.SHIPPING] else payments.sending_of(order)


def _giving(typed: Mapping[str, str], order: Order) -> Giving:
    to = RefundTo.STORE_CREDIT if typed.get("to") == RefundTo.STORE_CREDIT else RefundTo.SAME_WAY
    match typed.get("how"):
        case "all":
            return Giving(to=to)
        case "amount":
            amount = typed_amount(typed.get("amount", ""), order.currency)
            if amount is None:
                words = _("An amount in dollars and cents, such as 12.50.")
                raise RefundUnclear(errors=(FieldError("amount", words),))
            return Giving(amount=amount, to=to)
        case "lines":
            giving = Giving(_pieces(typed, order), shipping=bool(typed.get("shipping")), to=to)
            if giving.is_everything:
                words = _("Choose what goes back: that comes to nothing.")
                raise RefundUnclear(errors=(FieldError("lines", words),))
            return giving
    raise RefundUnclear(errors=(FieldError("how", _("Choose how much goes back.")),))


def _pieces(typed: Mapping[str, str], order: Order) -> tuple[tuple[str, int], ...]:
    found = []
    for line in order.lines.all():
        text = typed.get(f"line-{line.sku}", "").strip() or "0"
        if not text.isdecimal() or len(text) > 3:
            words = _("Of %(sku)s there were %(n)d.") % {"sku": line.sku, "n": line.quantity}
            raise RefundUnclear(errors=(FieldError("lines", words),))
        if int(text):
            found.append((line.sku, int(text)))
    return tuple(found)
