"""How this room's letters look: about the newest order that fits, else about an invented one; and about a hard one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.messages import edge
from kidspetite.foundation.notifications.rules import example
from kidspetite.foundation.notifications.types import Case, Letter
from kidspetite.sales.orders import messages
from kidspetite.sales.orders.messages import staff
from kidspetite.sales.orders.models import Order
from kidspetite.sales.orders.queries import order_view
from kidspetite.sales.orders.types import Cancellation, LineSold, Mark, OrderView, Parcel, ShipTo, Tender, WayBack

MANY = 24
TEAM = User(pk=0, email="team@kidspetite.example", name="Team")


@example("order-confirmation")
def _order_confirmation(case: Case) -> Letter:
    return messages.order_confirmation(_order(case, "paid"))


@example("order-shipped")
def _order_shipped(case: Case) -> Letter:
    return messages.order_shipped(_order(case, "shipped"))


@example("order-delivered")
def _order_delivered(case: Case) -> Letter:
    return messages.order_delivered(_order(case, "delivered"), return_days=60)


@example("order-cancelled")
def _order_cancelled(case: Case) -> Letter:
    ended = Cancellation("paid", "", money_comes_back=True, was_being_checked=False)
    return messages.order_cancelled(_order(case, "cancelled"), ended)


@example("order-refunded")
def _order_refunded(case: Case) -> Letter:
    order = _order(case, "delivered")
    part = Money(min(1440, order.total.minor))
    return messages.order_refunded(order, part, so_far=part, way=WayBack.SAME_WAY)


@example("order-readdressed")
def _order_readdressed(case: Case) -> Letter:
    return messages.order_readdressed(_order(case, "paid"), mark_id=0)


@example("payment-failed")
def _payment_failed(case: Case) -> Letter:
    return messages.payment_failed(_order(case, "awaiting_payment"))


@example("refund-failed")
def _refund_failed(case: Case) -> Letter:
    return messages.refund_failed(_order(case, "delivered"), Money(1440), to=TEAM.email, mark=0)


@example("new-order")
def _new_order(case: Case) -> Letter:
    return staff.new_order(_order(case, "paid"), TEAM)


@example("daily-orders")
def _daily_orders(case: Case) -> Letter:
    found = list(Order.objects.filter(paid_at__isnull=False).order_by("-paid_at", "-pk")[:5])
    if case is Case.EDGE or not found:
        name, count = (edge.NAME, MANY * 4) if case is Case.EDGE else ("Ana Vale", 3)
        place = {"name": name, "city": "Brooklyn"}
        found = [Order(number=f"KP-{n:08}", total_minor=n * 1900, shipping_address=place) for n in range(1, count)]
    return staff.daily_orders(found, TEAM, until=clock.now())


def _order(case: Case, status: str) -> OrderView:
    if case is Case.EDGE:
        return _hard(_invented(status))
    newest = Order.objects.filter(status=status).order_by("-placed_at", "-pk").first()
    return order_view(newest) if newest else _invented(status)


def _invented(status: str) -> OrderView:
    now, price = clock.now(), Money(1800)
    days = {"placed": now - timedelta(days=4), "shipped": now - timedelta(days=3), "delivered": now}
    path = list(days)[: {"shipped": 2, "delivered": 3}.get(status, 1)]
    line = LineSold("KP-HB-CLOVER-3M", "Harbour bodysuit", "harbour-bodysuit", "3–6 m", "Clover", 1, price, price,
                    Money(0), Money(160))  # fmt: skip
    return OrderView(
        id=0, number="KP-7G2K9Q4X", token="sample", status=status, status_label=status,  # nosec B106 - opens nothing
        email="ana@home.example", placed_at=now, paid_at=now, lines=(line,),
        ship_to=ShipTo("Ana Vale", "12 Fern Street", "Apt 3", "Brooklyn", "NY", "11201", "US"),
        subtotal=price, discount=Money(0), shipping=Money(500), tax=Money(160), total=Money(2460), refunded=Money(0),
        shipping_method="standard", shipping_label="Standard", arrives_from=now.date() + timedelta(days=3),
        arrives_to=now.date() + timedelta(days=5), gift_message="For Maya, who is two on Thursday.\nGrow slowly.",
        marks=tuple(Mark(kind, kind, days[kind]) for kind in path),
        parcels=(Parcel("usps", "9400111899560000000001", "https://shop.example/track", "USPS"),),
        can_be_cancelled=False, discounts=(), tenders=(Tender("sandbox", "Visa 4242", Money(2460)),),
        can_be_readdressed=False, gift_receipt=True, taxed_by=None, is_settled=True,
    )  # fmt: skip


def _hard(order: OrderView) -> OrderView:
    """Long names, other scripts, many lines and large sums."""
    (line,) = order.lines
    large = Money(1_234_567_89)
    lines = [replace(line, name=f"{edge.NAME} {edge.LONG_WORD}"), replace(line, name=edge.RIGHT_TO_LEFT, quantity=99)]
    lines += [replace(line, size=f"{n} months", colour=edge.RIGHT_TO_LEFT, line_total=large) for n in range(MANY)]
    place = replace(
        order.ship_to,
        name=edge.NAME,
        line1=edge.LONG_WORD[:120],
        line2=edge.RIGHT_TO_LEFT,
        city="Truth or Consequences",
    )
    parcels = (*order.parcels * 3, replace(order.parcels[0], tracking_number="9" * 34, tracking_url=edge.LINK))
    half = Money(large.minor // 2)
    credit = Tender("store_credit", "Store credit", half)
    return replace(
        order, lines=tuple(lines), ship_to=place, gift_message=edge.WORDS, subtotal=large, total=large, parcels=parcels,
        email=edge.MAIL, tenders=(credit, Tender("stripe", edge.NAME, large - half)), shipping_label=edge.NAME,
    )  # fmt: skip
