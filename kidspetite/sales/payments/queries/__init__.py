from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing import wiring
from kidspetite.foundation.plumbing.integrity import Broken, broken
from kidspetite.foundation.plumbing.recipes import Given, Recipe, ask_kept
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import rules as order_rules
from kidspetite.sales.orders.models import Order, OrderEvent
from kidspetite.sales.orders.types import Tender
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.models import CardAttempt, Dispute, Payment, Refund
from kidspetite.sales.payments.ports import PaymentGateway
from kidspetite.sales.payments.queries.promises import PROMISES
from kidspetite.sales.payments.queries.refunds import refund_view
from kidspetite.sales.payments.types import ChargeName, DisputeView, Keeping, Paid, PaymentView

UNSETTLED = rules.UNSETTLED
AT_ONCE, LOOKED_OVER_AT_ONCE = 500, 50
IN_FLIGHT = timedelta(seconds=60)

_WITH_KEY = Recipe(lambda: Payment.objects.filter(key=Given("key")).values_list("pk"))
_WITH_ORDER = Recipe(lambda: Payment.objects.select_related("order").filter(pk=Given("payment")))

_BEGUN = """
select (select id from payments_payment where key = %s),
       (select id from orders_order
        where cart_id_was = %s and status in ('awaiting_payment', 'requires_action', 'payment_unknown'))
"""


def is_accepted(provider: str, method: str) -> bool:
    """Whether this token looks like one of that provider's; no provider is asked."""
    return bool(wiring.provider("payments", provider).accepts(method))


def gateway_of(payment: Payment) -> PaymentGateway:
    """Who moves the money of this payment. Raises LookupError when its provider has been switched off since."""
    gateway: PaymentGateway = wiring.provider("payments", payment.provider)
    return gateway


def providers() -> list[str]:
    """The gateways that are switched on, the default first."""
    return wiring.codes("payments")


def payments_of(order_id: int) -> list[PaymentView]:
    """All tenders of an order with their refunds, the oldest first."""
    rows = Payment.objects.filter(order_id=order_id).prefetch_related("refunds").order_by("pk")
    return [
        PaymentView(
            id=row.pk,
            provider=row.provider,
            label=row.label,
            amount=row.amount,
            captured=Money(row.captured_minor, row.currency),
            refunded=Money(row.refunded_minor, row.currency),
            status=row.status,
            reason=row.reason,
            reference=row.reference,
            at=row.created_at,
            refunds=tuple(refund_view(refund) for refund in row.refunds.all()),
            status_words=str(row.get_status_display()),
        )
        for row in rows
    ]


def tenders_told(order_id: int) -> list[Tender]:
    """What an order is paid with, as it is told on pages and in letters: what each gateway took or holds, then credit.
    Where promotions leave nothing to pay, nothing is told."""
    rows = Payment.objects.filter(order_id=order_id, status__in=rules.SECURED)
    return as_tenders(rows.order_by(F("account").asc(nulls_first=True), "pk"))


def as_tenders(rows: Iterable[Payment]) -> list[Tender]:
    return [Tender(row.provider, row.label or row.provider, row.amount) for row in rows if row.amount]


def standing(payment_id: int) -> Paid:
    """How a payment and its order stand now."""
    return paid_of(payment_and_order(payment_id))


def payment_and_order(payment_id: int) -> Payment:
    """One payment, and its order with it in the same statement."""
    if found := _WITH_ORDER.row(payment=payment_id):
        return found
    raise Payment.DoesNotExist(payment_id)


def paid_of(payment: Payment) -> Paid:
    order = payment.order
    return Paid(
        order_id=order.pk,
        order_number=order.number,
        order_token=order.token,
        order=order.status,
        payment=payment.status,
        total=order.total,
        reason=payment.reason,
        next_action_url=payment.next_action_url if payment.status == Payment.Status.REQUIRES_ACTION else "",
    )


def attempt(key: str) -> int | None:
    """The payment that was intended under this key, if any."""
    return next((pk for (pk,) in _WITH_KEY.rows(key=key)), None)


def begun(key: str, cart_id: int) -> tuple[int | None, int | None]:
    """The payment that was intended under this key, and the order of this basket that still waits for its money."""
    ((payment_id, order_id),) = ask_kept(_BEGUN, (key, cart_id))
    return payment_id, order_id


def is_at_rest(payment_id: int, *, now: datetime) -> bool:
    """Whether nobody is at work on an attempt: it has had some answer, or its worker must be gone by now."""
    payment = Payment.objects.get(pk=payment_id)
    return payment.asked_at is not None or now - payment.created_at > IN_FLIGHT


def unsettled_of(order_id: int, *, since: datetime | None = None) -> list[int]:
    """Attempts on this order whose outcome is open; `since` a moment those that were begun after it."""
    rows = Payment.objects.filter(order_id=order_id, status__in=rules.UNSETTLED)
    rows = rows.filter(created_at__gt=since) if since else rows
    return list(rows.order_by("pk").values_list("pk", flat=True))


def endable_of(order_id: int) -> list[int]:
    """Attempts on this order that are open, or that the bank holds money for."""
    rows = Payment.objects.filter(order_id=order_id, status__in=rules.CAN_END, account=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def recent_declines(traces: Sequence[str], *, since: datetime) -> dict[str, list[datetime]]:
    """When the bank said no, by each of these traces and by every card they were declined with (`card:…`). An attempt
    that has no answer yet counts too, so that many at once are no way round. So do cards that were only to be kept."""
    rows = Payment.objects.filter(traces__overlap=list(traces), created_at__gte=since)
    theirs = rows.filter(status__in=(Payment.Status.DECLINED, *rules.UNSETTLED))
    cards = {print_ for print_ in theirs.values_list("card_print", flat=True) if print_}
    found: dict[str, list[datetime]] = defaultdict(list)
    for told, at in theirs.values_list("traces", "created_at"):
        for trace in set(told).intersection(traces):
            found[trace].append(at)
    tries = CardAttempt.objects.filter(traces__overlap=list(traces), created_at__gte=since)
    refused = tries.filter(status__in=(Keeping.REFUSED.value, *rules.OPEN_WISHES))
    for told, at, card in refused.values_list("traces", "created_at", "card_print"):
        cards |= {card} - {""}
        for trace in set(told).intersection(traces):
            found[trace].append(at)
    same = Payment.objects.filter(status=Payment.Status.DECLINED, card_print__in=cards, created_at__gte=since)
    alike = CardAttempt.objects.filter(status=Keeping.REFUSED.value, card_print__in=cards, created_at__gte=since)
    told_by = ("card_print", "created_at")
    for card, at in same.values_list(*told_by).union(alike.values_list(*told_by), all=True):
        found[f"card:{card}"].append(at)
    return found


def disputes_of(order_id: int) -> list[DisputeView]:
    """What shoppers' banks want back of an order, the newest first."""
    rows = Dispute.objects.filter(payment__order_id=order_id).select_related("payment").order_by("-opened_at", "-pk")
    return [
        DisputeView(
            row.payment.provider, row.reference, Money(row.amount_minor, row.payment.currency), row.reason, row.status,
            row.opened_at, row.closed_at,
        )
        for row in rows
    ]  # fmt: skip


def disputed_orders() -> list[int]:
    """Orders with a dispute that has not ended."""
    return list(Dispute.objects.filter(closed_at=None).values_list("payment__order_id", flat=True).distinct())


def is_only_held(order_id: int) -> bool:
    """Whether the bank still holds the money of this order, so that ending it gives nothing back: it lets go."""
    return Payment.objects.filter(order_id=order_id, status=Payment.Status.AUTHORISED, account=None).exists()


def next_action_of(order_id: int) -> str:
    """Where the shopper's bank waits for an answer; empty when it asks nothing."""
    asking = Payment.objects.filter(order_id=order_id, status=Payment.Status.REQUIRES_ACTION).order_by("-pk")
    return asking.values_list("next_action_url", flat=True).first() or ""


def asked_at(order_id: int) -> str:
    """Who waits for the shopper's yes, such as PayPal; empty for a bank, and when nobody does."""
    asking = Payment.objects.filter(order_id=order_id, status=Payment.Status.REQUIRES_ACTION).order_by("-pk")
    return asking.values_list("label", flat=True).first() or ""


def payment_named(provider: str, name: ChargeName) -> int | None:
    """Ours, by a provider's words for it, or for the money that it took."""
    match = Q(key=name.key) if name.key else Q(pk__in=[])
    if name.reference:
        match |= Q(reference=name.reference) | Q(taken_as=name.reference)
    return Payment.objects.filter(match, provider=provider).values_list("pk", flat=True).first()


def payments_to_ask(*, before: datetime) -> list[int]:
    """Attempts without an outcome that nobody has asked about since a moment."""
    rows = Payment.objects.filter(status__in=rules.UNSETTLED, created_at__lte=before)
    quiet = rows.filter(Q(asked_at__isnull=True) | Q(asked_at__lte=before))
    return list(quiet.order_by("created_at").values_list("pk", flat=True)[:AT_ONCE])


def payments_to_look_over(provider: str, *, asked_before: datetime, taken_after: datetime) -> list[int]:
    """Money that this provider took and that it has not been asked about since a moment, the longest ago first."""
    taken = Payment.objects.filter(status__in=(Payment.Status.CAPTURED, Payment.Status.SURPLUS), account=None)
    rows = taken.filter(provider=provider, asked_at__lte=asked_before, created_at__gt=taken_after)
    return list(rows.order_by("asked_at").values_list("pk", flat=True)[:LOOKED_OVER_AT_ONCE])


def holds_to_end() -> list[int]:
    """Payments that the bank still holds for orders that were cancelled."""
    rows = Payment.objects.filter(status=Payment.Status.AUTHORISED, order__status="cancelled", account=None)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def orders_to_capture() -> list[int]:
    """Orders that have left while the bank still holds their money."""
    held = Payment.objects.filter(status=Payment.Status.AUTHORISED, account=None)
    rows = held.filter(order__status__in=("shipped", "delivered"))
    waiting = rows.exclude(reason="capture_refused").order_by("order_id")
    return list(waiting.values_list("order_id", flat=True)[:AT_ONCE])


def refunds_to_send(*, before: datetime) -> list[int]:
    rows = Refund.objects.filter(status=Refund.Status.INTENDED, created_at__lte=before)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def left_unpaid(*, before: datetime) -> list[int]:
    """Orders whose attempt failed after its shopper had been sent away or told to wait, and of whom nothing was seen
    since a moment; but for those who turned back knowingly, or have been told."""
    asked = OrderEvent.objects.filter(order=OuterRef("pk"), kind__in=("requires_action", "payment_unknown"))
    known = OrderEvent.objects.filter(order=OuterRef("pk"), kind__in=("left_unpaid", "turned_back"))
    seen = Cart.objects.filter(pk=OuterRef("cart_id_was"), touched_at__gt=before)
    under_way = Payment.objects.filter(order=OuterRef("pk")).filter(
        Q(status__in=[*rules.UNSETTLED, *rules.SECURED]) | Q(settled_at__gt=before)
    )
    rows = Order.objects.filter(status=Order.Status.AWAITING_PAYMENT, is_demo=False)
    rows = rows.filter(Exists(asked), ~Exists(known), ~Exists(seen), ~Exists(under_way))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def abandoned_orders(*, before: datetime) -> list[int]:
    """Orders that wait for money since long, with no attempt under way."""
    waiting = Order.objects.filter(status__in=order_rules.OPEN, placed_at__lte=before)
    return list(
        waiting.exclude(payments__status__in=[*rules.UNSETTLED, *rules.SECURED])
        .order_by("pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    )


def broken_promises() -> list[Broken]:
    return broken(PROMISES)
