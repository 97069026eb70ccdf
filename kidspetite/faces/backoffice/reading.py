"""What the desk's home asks: how much waits, and where it lies. One query a subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django.models import ProcrastinateJob

from kidspetite.foundation.accounts.models import Enquiry
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.ui import formats
from kidspetite.goods.catalog.models import Band, Product, Variant
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import queries as payments


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of today's queue: how many, of what, since when, and where to see them."""

    count: int
    what: str
    more: str
    path: str


def queue(user: Any) -> list[Waiting]:
    """What waits for this person, in the order of the day; only what their role opens."""
    found: list[Waiting] = []
    if user.has_perm("orders.view_order"):
        found += _orders()
    if user.has_perm("inventory.view_stocklevel"):
        found += _shelves()
    if user.has_perm("accounts.view_enquiry"):
        found += _enquiries()
    if user.has_perm("procrastinate.change_procrastinatejob"):
        found += _repairs()
    return found


def next_to_ship() -> Order | None:
    """The paid order that has waited longest."""
    return Order.objects.filter(status=Order.Status.PAID).order_by("paid_at", "pk").first()


def _orders() -> list[Waiting]:
    status = Order.Status
    counts = Order.objects.aggregate(
        to_ship=Count("pk", filter=Q(status=status.PAID)),
        oldest=Min("paid_at", filter=Q(status=status.PAID)),
        awaiting=Count("pk", filter=Q(status__in=[status.AWAITING_PAYMENT, status.REQUIRES_ACTION])),
        unknown=Count("pk", filter=Q(status=status.PAYMENT_UNKNOWN)),
    )
    since = _("oldest paid %(day)s") % {"day": formats.day(counts["oldest"], "weekday")} if counts["oldest"] else ""
    return [
        Waiting(counts["to_ship"], _("to ship"), since, "/admin/orders?view=to-ship"),
        Waiting(counts["awaiting"], _("awaiting payment"), _("end by themselves"), "/admin/orders?view=awaiting"),
        Waiting(counts["unknown"], _("payment unknown"), _("we are asking the provider"), "/admin/orders?view=unknown"),
        *_disputes(),
    ]


def _disputes() -> list[Waiting]:
    """Nobody looks for one on a day without any."""
    count = len(payments.disputed_orders())
    return [Waiting(count, _("disputed"), _("a bank wants money back"), "/admin/orders?view=disputed")] if count else []


def _shelves() -> list[Waiting]:
    on_sale = Variant.objects.filter(is_active=True, product__status=Product.Status.ACTIVE)
    bands = dict(on_sale.order_by().values_list("band").annotate(n=Count("pk")))
    return [
        Waiting(
            bands.get(Band.SOLD_OUT, 0), _("pieces sold out"), _("of what is on sale"), "/admin/stock?band=sold_out"
        ),
        Waiting(bands.get(Band.FEW, 0), _("pieces running low"), _("few left"), "/admin/stock?band=few"),
    ]


def _enquiries() -> list[Waiting]:
    unanswered = Enquiry.objects.filter(answered_at=None).aggregate(n=Count("pk"), oldest=Min("at"))
    since = _("oldest %(day)s") % {"day": formats.day(unanswered["oldest"], "weekday")} if unanswered["oldest"] else ""
    return [Waiting(unanswered["n"], _("letters to answer"), since, "/admin/enquiries")]


def _repairs() -> list[Waiting]:
    jobs = ProcrastinateJob.objects.filter(status="failed").count()
    letters = Message.objects.filter(status=Message.Status.FAILED).count()
    return [
        Waiting(
            jobs + letters, _("things to repair"),
            ngettext("%(jobs)d job, ", "%(jobs)d jobs, ", jobs) % {"jobs": jobs}
            + ngettext("%(n)d letter", "%(n)d letters", letters) % {"n": letters},
            "/admin/repairs",
        )
    ]  # fmt: skip
