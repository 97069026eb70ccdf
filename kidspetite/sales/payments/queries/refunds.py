"""What may go back of an order, and how it would be shared out among its tenders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Sum
from django.utils.translation import gettext as _

from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.errors import NothingPaid, RefundTooLarge, RefundUnfit
from kidspetite.sales.payments.models import Payment, Refund, RefundedPieces
from kidspetite.sales.payments.types import GivenBack, Giving, RefundPart, RefundPlan, RefundShare, RefundTo, RefundView

SHIPPING = ""


def tenders_of(order_id: int) -> list[Payment]:
    """What an order was paid with, in the order in which it goes back: card, wallet or PayPal first, then credit."""
    paid = Payment.objects.filter(order_id=order_id, status=Payment.Status.CAPTURED, captured_minor__gt=0)
    return sorted(paid.select_related("order"), key=lambda row: (row.account_id is not None, row.pk))


def refund_plan(order: Order, giving: Giving, tenders: list[Payment]) -> RefundPlan:
    """What these wishes come to, and which tender gives how much of it. Whoever sends it holds the tenders locked.

    Pieces are worth their part of what the line cost with discount and tax; what went back of the order before, for
    whatever reason, counts against them. Raises NothingPaid, RefundUnfit, RefundTooLarge.
    """
    if not tenders:
        raise NothingPaid(order=order.number)
    lefts = [rules.left_to_refund(paid=row.captured_minor, refunded=row.refunded_minor) for row in tenders]
    left = Money(sum(lefts), order.currency)
    parts = refund_parts(order, giving)
    worth = Money.total((part.worth for part in parts), order.currency)
    amount = giving.amount if giving.amount is not None else min(worth, left, key=_minor) if parts else left
    if not 0 < amount.minor <= left.minor:
        raise RefundTooLarge(order=order.number, left_cents=left.minor)
    to_credit = giving.to is RefundTo.STORE_CREDIT
    shares = tuple(
        RefundShare(row.pk, row.label or row.provider, Money(cents, order.currency), to_credit or bool(row.account_id))
        for row, cents in zip(tenders, rules.shares(amount.minor, lefts), strict=True)
        if cents
    )
    return RefundPlan(amount, parts, shares, worth - amount if parts else Money.zero(order.currency))


def refund_parts(order: Order, giving: Giving) -> tuple[RefundPart, ...]:
    """The pieces and the sending that are to go back, each with its worth. Raises RefundUnfit."""
    gone, lines = refunded_pieces(order.pk), {line.sku: line for line in order.lines.all()}
    parts = []
    for sku, pieces in giving.pieces:
        line = lines.get(sku)
        left = line.quantity - gone.get(sku, 0) if line else 0
        if line is None or not 0 < pieces <= left:
            raise RefundUnfit(sku, left=left)
        cost = line.line_total.minor - line.discount_minor + line.tax_minor
        worth = rules.worth_of(cost, pieces=pieces, of=line.quantity, before=gone.get(sku, 0))
        parts.append(RefundPart(sku, pieces, Money(worth, order.currency)))
    if giving.shipping:
        if SHIPPING in gone:
            raise RefundUnfit(SHIPPING, left=0)
        parts.append(RefundPart(SHIPPING, 1, sending_of(order)))
    return tuple(parts)


def sending_of(order: Order) -> Money:
    """What the total holds beside the lines: the sending with its tax, less a discount on the whole."""
    goods = sum(line.line_total.minor - line.discount_minor + line.tax_minor for line in order.lines.all())
    return Money(order.total_minor - goods, order.currency)


def refunded_pieces(order_id: int) -> Mapping[str, int]:
    """How many pieces of each line went back already; the sending under an empty SKU. What every provider refused did
    not."""
    alive = Refund.objects.filter(payment__order_id=order_id).exclude(status=Refund.Status.REFUSED).values("action")
    rows = RefundedPieces.objects.filter(order_id=order_id, action__in=alive).values_list("sku")
    return defaultdict(int, dict(rows.annotate(gone=Sum("pieces")).order_by()))


def is_begun(action: str) -> bool:
    """Whether a refund was asked for under this name already."""
    return Refund.objects.filter(action=action).exists()


def given_back(action: str) -> GivenBack:
    """How the refunds of one action stand."""
    rows = list(Refund.objects.filter(action=action).select_related("payment").order_by("pk"))
    statuses = {row.status for row in rows}
    worst = next((status for status in (Refund.Status.REFUSED, Refund.Status.INTENDED) if status in statuses), None)
    return GivenBack(
        Money.total((row.amount for row in rows), rows[0].payment.currency),
        str(worst or Refund.Status.DONE),
        tuple(refund_view(row) for row in rows),
    )


def refund_view(row: Refund) -> RefundView:
    return RefundView(
        row.pk, row.amount, row.status, row.reason, row.actor, row.reference, row.created_at,
        to_credit=row.account_id is not None,
    )  # fmt: skip


def label_of(part: RefundPart, order: Order) -> str:
    """A part of a refund in words."""
    if not part.sku:
        return _("Shipping with its tax")
    line = next(line for line in order.lines.all() if line.sku == part.sku)
    return f"{part.pieces} × {line.name}, {line.size_label}, {line.colour_name}"


def _minor(amount: Money) -> int:
    return amount.minor
