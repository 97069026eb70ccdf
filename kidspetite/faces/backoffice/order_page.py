"""An order as staff work on it: everything the page shows, gathered in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Sum
from django.http import Http404
from django.utils.translation import gettext as _

from kidspetite.faces.backoffice.address_words import doubts_of
from kidspetite.faces.backoffice.names import names_of
from kidspetite.foundation.kernel import ids
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.ui import formats
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.orders import rules as order_rules
from kidspetite.sales.orders.models import Order
from kidspetite.sales.orders.types import OrderView
from kidspetite.sales.payments import queries as payments
from kidspetite.sales.payments.types import PaymentView
from kidspetite.sales.shipping import queries as shipping
from kidspetite.sales.shipping.types import ShipmentView

PAID = ("captured", "surplus")


@dataclass(frozen=True, slots=True)
class DeskMark:
    """A pencil mark, or something that happened around the order: an attempt to pay, money asked back."""

    at: datetime
    what: str
    more: str = ""
    by: str = ""
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class MoneyBox:
    """`held` is what the bank keeps for us until the parcel leaves, `aside` store credit that waits for the payment."""

    captured: Money
    refunded: Money
    left: Money
    held: Money
    aside: Money

    @property
    def net(self) -> Money:
        return self.captured - self.refunded


@dataclass(frozen=True, slots=True)
class History:
    """What else this mail address has ordered."""

    count: int
    spent: Money
    others: tuple[Order, ...]


def order_named(number: str) -> Order:
    """The order of this page. Raises Http404."""
    found = orders.order_by_number(number)
    if found is None:
        raise Http404
    return found


def facts_of(order: Order) -> dict[str, Any]:
    """The context of the order's page."""
    view, tenders = orders.order_view(order), payments.payments_of(order.pk)
    parcels = shipping.shipments_of(order.pk)
    return {
        "order": view,
        "address_doubts": doubts_of(view.ship_to.note),
        "customer": order.customer,
        "box": money_box(tenders),
        "tenders": [one for one in tenders if one.amount],
        "disputes": payments.disputes_of(order.pk),
        "parcels": parcels,
        "waiting_parcel": next((parcel for parcel in parcels if parcel.delivered_at is None), None),
        "marks": marks_of(order, view, tenders, parcels),
        "letters": letters.messages_about(f"order:{order.number}"),
        "form_key": ids.token(),
        "history": _history(order),
        "carriers": shipping.carriers(),
        "is_open": order.status in order_rules.OPEN,
        "is_demo": order.is_demo,
    }


def money_box(tenders: list[PaymentView]) -> MoneyBox:
    """What came in, what is going or has gone back, what may still go back, what the bank holds."""
    captured = Money.total(tender.captured for tender in tenders if tender.status in PAID)
    refunded = Money.total(tender.refunded for tender in tenders if tender.status in PAID)
    left = Money.total(tender.captured - tender.refunded for tender in tenders if tender.status == "captured")
    held, aside = (
        Money.total(one.amount for one in tenders if one.status == "authorised" and one.is_credit is is_credit)
        for is_credit in (False, True)
    )
    return MoneyBox(captured, refunded, left, held, aside)


def marks_of(order: Order, view: OrderView, tenders: list[PaymentView], parcels: list[ShipmentView]) -> list[DeskMark]:
    """The whole story, newest first: pencil marks, attempts to pay, money going back."""
    staff = orders.staff_marks(order)
    found = [DeskMark(mark.at, mark.text, _more(mark.kind, mark.facts), mark.actor) for mark in staff]
    for tender in tenders:
        what = _("Payment attempt: %(label)s") % {"label": tender.label or tender.provider}
        found.append(DeskMark(tender.at, what, f"{formats.money(tender.amount)}, {tender.status}", is_quiet=True))
        found += [
            DeskMark(
                refund.at, _("Refund asked for: %(amount)s") % {"amount": formats.money(refund.amount)},
                f"{refund.reason} ({refund.status})", refund.actor, is_quiet=True,
            )
            for refund in tender.refunds
        ]  # fmt: skip
    found.sort(key=lambda mark: mark.at, reverse=True)
    return _with_names(found)


def _more(kind: str, facts: dict[str, Any]) -> str:
    match kind:
        case "shipped":
            name = facts.get("carrier_name") or facts.get("carrier", "").upper()
            return " ".join(filter(None, (name, facts.get("tracking_number", ""))))
        case "cancelled" | "payment_declined":
            return str(facts.get("reason", ""))
        case "refunded":
            return formats.money(int(facts.get("amount_cents", 0)))
    return ""


def _with_names(marks: list[DeskMark]) -> list[DeskMark]:
    names = names_of({mark.by for mark in marks}) | {"shopper": _("the customer")}
    return [DeskMark(mark.at, mark.what, mark.more, names.get(mark.by, mark.by), mark.is_quiet) for mark in marks]


def _history(order: Order) -> History:
    theirs = Order.objects.filter(email__iexact=order.email).exclude(pk=order.pk)
    kept = theirs.filter(status__in=order_rules.PATH).aggregate(n=Count("pk"), spent=Sum("total_minor"))
    return History(kept["n"], Money(kept["spent"] or 0, order.currency), tuple(theirs.order_by("-placed_at")[:5]))
