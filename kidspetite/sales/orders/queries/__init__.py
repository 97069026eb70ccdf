from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.functional import Promise as LazyText

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel.mail import mail_address
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing.integrity import Broken, Promise, broken
from kidspetite.foundation.plumbing.recipes import Given, Recipe
from kidspetite.sales.orders import rules
from kidspetite.sales.orders.models import Order, OrderEvent, OrderLine
from kidspetite.sales.orders.types import (
    Cancellation,
    DiscountGiven,
    LineSold,
    Mark,
    OrderView,
    Parcel,
    ShipTo,
    TaxedBy,
    Tender,
)

_WITH_ID = Recipe(lambda: Order.objects.filter(pk=Given("order")))
_LINES = Recipe(lambda: OrderLine.objects.filter(order=Given("order")).order_by("pk"))
_EVENTS = Recipe(lambda: OrderEvent.objects.filter(order=Given("order")).order_by("at", "pk"))
_OPEN_OF_BASKET = Recipe(
    lambda: Order.objects.filter(cart_id_was=Given("cart"), status__in=rules.OPEN).order_by("pk")[:1]
)
_PIECES = Recipe(
    lambda: (
        OrderLine.objects.filter(order=Given("order"), variant__isnull=False)
        .order_by("pk")
        .values_list("variant_id", "quantity")
    )
)
_PIECES_BY_PRODUCT = Recipe(
    lambda: (
        OrderLine.objects.filter(order=Given("order"), variant__isnull=False)
        .order_by()
        .values_list("variant__product_id")
        .annotate(pieces=Sum("quantity"))
    )
)
TELL_OF_THE_END = ("cancelled", "payment_unknown", "requires_action", "turned_back", "left_unpaid")


def order_by_token(token: str) -> Order | None:
    """The order that this unguessable token opens."""
    return Order.objects.filter(token=token).first() if token else None


def order_by_number(number: str) -> Order | None:
    """For staff, scripts and jobs; shoppers find theirs by token, account or number and e-mail."""
    return Order.objects.filter(number=number.strip().upper()).first()


def order_by_id(order_id: int) -> Order:
    if order := _WITH_ID.row(order=order_id):
        return order
    raise Order.DoesNotExist(order_id)


def orders_for(customer: User) -> QuerySet[Order]:
    """A customer's own orders, the newest first."""
    return Order.objects.filter(customer=customer).order_by("-placed_at", "-pk")


def order_for(customer: User, number: str) -> Order | None:
    return orders_for(customer).filter(number=number.strip().upper()).first()


def find_order(*, number: str, email: str) -> Order | None:
    """A guest's order by its number and the e-mail it was placed with; spaces and case are forgiven."""
    # Eight characters after KP-, and those may well begin with KP themselves.
    bare = "".join(letter for letter in number.upper() if letter.isalnum())[-8:]
    typed = email.strip()
    return Order.objects.filter(number=f"KP-{bare}", email__iexact=mail_address(typed) or typed).first()


def pieces_to_pack(variant_ids: Collection[int]) -> dict[int, int]:
    """Pieces of each variant that are paid and still lie in the house; of those that have none, nothing."""
    waiting = OrderLine.objects.filter(variant_id__in=variant_ids, order__status=Order.Status.PAID)
    return dict(waiting.order_by().values_list("variant_id").annotate(pieces=Sum("quantity")))


def open_order_of(cart_id: int) -> Order | None:
    """The order of this basket that still waits for its money; there is at most one."""
    return _OPEN_OF_BASKET.row(cart=cart_id)


def baskets_with_open_orders() -> QuerySet[Any]:
    """The ids of baskets whose order still waits for its money."""
    return Order.objects.filter(status__in=rules.OPEN, cart_id_was__isnull=False).values("cart_id_was")


def order_bought_from(cart_id: int) -> Order | None:
    """The paid order that a basket has become."""
    return Order.objects.filter(cart_id_was=cart_id, paid_at__isnull=False).order_by("-pk").first()


def orders_before(*, customer_id: int | None, email: str) -> int | None:
    """How many paid orders a customer has, by account or by mail address; None when nobody knows who is asking."""
    if not (customer_id or email):
        return None
    mine = Q(email__iexact=email) if email else Q(pk__in=[])
    mine |= Q(customer_id=customer_id) if customer_id else mine
    return Order.objects.filter(mine, paid_at__isnull=False).exclude(status=Order.Status.CANCELLED).count()


def has_bought(*, customer_id: int | None, email: str, since: datetime) -> bool:
    """Whether somebody, by account or by mail address, paid an order since then; one that was cancelled or refunded
    later counts, for it was bought."""
    return _orders_of(customer_id, email).filter(paid_at__gte=since).exists()


def is_buying(*, customer_id: int | None, email: str) -> bool:
    """Whether an order of somebody waits for its money just now."""
    return _orders_of(customer_id, email).filter(status__in=rules.OPEN).exists()


def buyers(*, since: datetime) -> QuerySet[Any]:
    """The ids of customers who have paid an order since then."""
    return Order.objects.filter(paid_at__gte=since, customer_id__isnull=False).values("customer_id")


def pieces_of(order_id: int) -> dict[int, int]:
    """Variant → pieces. Lines never change once sold; a variant deleted since is left out."""
    return dict(_PIECES.rows(order=order_id))


def pieces_by_product(order_id: int) -> dict[int, int]:
    """Product → pieces, for what ranks products by sales."""
    return dict(_PIECES_BY_PRODUCT.rows(order=order_id))


def cancellation_of(order: Order) -> Cancellation | None:
    """How an order ended before its time; None for one that did not."""
    marks = {mark.kind: mark for mark in order.events.filter(kind__in=TELL_OF_THE_END)}
    if "cancelled" not in marks:
        return None
    facts = marks["cancelled"].facts
    return Cancellation(
        was=facts.get("was", ""),
        reason=facts.get("reason", ""),
        money_comes_back=bool(facts.get("money_comes_back")),
        was_being_checked="payment_unknown" in marks,
        by=marks["cancelled"].actor,
        was_waiting="requires_action" in marks and "turned_back" not in marks,
        was_told="left_unpaid" in marks,
    )


def order_view(order: Order) -> OrderView:
    """Everything a page, the API or a letter shows of an order, in two queries."""
    return view_of(order, _LINES.rows(order=order.pk), _EVENTS.rows(order=order.pk))


def view_of(order: Order, lines: list[OrderLine], events: list[OrderEvent]) -> OrderView:
    """The same from rows that are already at hand, for lists."""
    return OrderView(
        id=order.pk,
        number=order.number,
        token=order.token,
        status=order.status,
        status_label=str(order.get_status_display()),
        email=order.email,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        lines=tuple(_line(row, order.currency) for row in lines),
        ship_to=ShipTo(**order.shipping_address),
        subtotal=Money(order.subtotal_minor, order.currency),
        discount=Money(order.discount_minor, order.currency),
        shipping=Money(order.shipping_minor, order.currency),
        tax=Money(order.tax_minor, order.currency),
        total=order.total,
        refunded=Money(order.refunded_minor, order.currency),
        shipping_method=order.shipping_method,
        shipping_label=order.shipping_label,
        arrives_from=order.arrives_from,
        arrives_to=order.arrives_to,
        gift_message=order.gift_message,
        marks=tuple(_mark(row) for row in events if row.is_public),
        parcels=tuple(_parcel(row) for row in events if row.kind == "shipped"),
        can_be_cancelled=rules.can_be_cancelled(order.status),
        discounts=tuple(
            DiscountGiven(one["name"], one["code"], Money(one["amount_minor"], order.currency))
            for one in order.discounts
        ),
        gift_receipt=order.gift_receipt,
        taxed_by=_taxed_by(order),
        tenders=tuple(
            Tender(one["provider"], one["label"], Money(one["amount_minor"], order.currency)) for one in order.tenders
        ),
        can_be_readdressed=rules.can_be_readdressed(order.status),
        is_settled=order.status not in rules.OPEN,
    )


def status_document(view: OrderView) -> dict[str, Any]:
    """The answer of `GET /api/orders/{token}`, JSON-able; amounts in cents."""
    return {
        "order_number": view.number,
        "token": view.token,
        "status": view.status,
        "email": view.email,
        "placed_at": view.placed_at.isoformat(),
        "items": [
            {
                "sku": line.sku,
                "name": line.name,
                "size": line.size,
                "colour": line.colour,
                "quantity": line.quantity,
                "unit_price_cents": line.unit_price.minor,
                "line_total_cents": line.line_total.minor,
                "discount_cents": line.discount.minor,
                "tax_cents": line.tax.minor,
            }
            for line in view.lines
        ],
        "subtotal_cents": view.subtotal.minor,
        "discount_cents": view.discount.minor,
        "discounts": [
            {"name": one.name, "code": one.code or None, "amount_cents": one.amount.minor} for one in view.discounts
        ],
        "shipping_cents": view.shipping.minor,
        "tax_cents": view.tax.minor,
        "total_cents": view.total.minor,
        "tenders": [
            {"provider": one.provider, "label": one.label, "amount_cents": one.amount.minor} for one in view.tenders
        ],
        "refunded_cents": view.refunded.minor,
        "currency": view.total.currency,
        "shipping_method": view.shipping_method,
        "arrives_from": view.arrives_from and view.arrives_from.isoformat(),
        "arrives_to": view.arrives_to and view.arrives_to.isoformat(),
        "gift_message": view.gift_message or None,
        "gift_receipt": view.gift_receipt,
        "tracking": [{"carrier": parcel.carrier, "number": parcel.tracking_number} for parcel in view.parcels],
        "timeline": [{"kind": mark.kind, "text": mark.text, "at": mark.at.isoformat()} for mark in view.marks],
    }


def staff_marks(order: Order) -> list[Mark]:
    """The whole timeline, with what only staff may see."""
    return [_mark(row) for row in order.events.all()]


def status_labels() -> dict[str, str | LazyText]:
    return dict(Order.Status.choices)


def broken_promises() -> list[Broken]:
    """What the rows of this room break of the shop's promises."""
    return broken(PROMISES)


def _orders_of(customer_id: int | None, email: str) -> QuerySet[Order]:
    mine = Q(email__iexact=email) if email else Q(pk__in=[])
    return Order.objects.filter(mine | Q(customer_id=customer_id) if customer_id else mine)


def _line(row: OrderLine, currency: str) -> LineSold:
    return LineSold(
        sku=row.sku,
        name=row.name,
        product_slug=row.product_slug,
        size=row.size_label,
        colour=row.colour_name,
        quantity=row.quantity,
        unit_price=Money(row.unit_price_minor, currency),
        line_total=Money(row.unit_price_minor * row.quantity, currency),
        discount=Money(row.discount_minor, currency),
        tax=Money(row.tax_minor, currency),
    )


def _taxed_by(order: Order) -> TaxedBy | None:
    if not order.tax_source or order.tax_rate is None:
        return None
    return TaxedBy(order.tax_source, order.tax_rate, order.tax_reference)


def _mark(row: OrderEvent) -> Mark:
    return Mark(row.kind, row.text, row.at, row.actor, row.facts)


def _parcel(row: OrderEvent) -> Parcel:
    facts, carrier = row.facts, row.facts.get("carrier", "")
    name = facts.get("carrier_name") or carrier.upper()
    return Parcel(carrier, facts.get("tracking_number", ""), facts.get("tracking_url", ""), name)


PROMISES = (
    Promise(
        "order_total_is_its_parts",
        "The total of an order is not its subtotal − discount + shipping + tax.",
        """select number from orders_order
           where total_minor <> subtotal_minor - discount_minor + shipping_minor + tax_minor""",
    ),
    Promise(
        "order_lines_make_the_subtotal",
        "The lines of an order do not add up to its subtotal and discount, or it has none.",
        """select o.number from orders_order o left join orders_orderline l on l.order_id = o.id group by o.id
           having coalesce(sum(l.unit_price_minor * l.quantity), -1) <> o.subtotal_minor
               or coalesce(sum(l.discount_minor), 0) > o.discount_minor
               or coalesce(sum(l.tax_minor), 0) > o.tax_minor""",
    ),
    Promise(
        "discounts_are_redeemed",
        "The promotions that an order was given are not those that it counts as used, or do not make its discount.",
        """select o.number from orders_order o
           left join lateral (
               select count(*) as uses, coalesce(sum(amount_minor), 0) as given from pricing_redemption r
               where r.holder = 'order:' || o.number
                 and (r.released_at is null or o.status in ('cancelled', 'refunded'))
           ) used on true
           where not o.is_demo and (
               used.given <> o.discount_minor or used.uses <> jsonb_array_length(o.discounts)
               or coalesce((select sum((one ->> 'amount_minor')::bigint) from jsonb_array_elements(o.discounts) one), 0)
                   <> o.discount_minor)""",
    ),
    Promise(
        "ended_orders_use_no_code",
        "An order was cancelled, but what it had redeemed was not given back.",
        """select o.number from orders_order o join pricing_redemption r on r.holder = 'order:' || o.number
           where o.status = 'cancelled' and r.released_at is null""",
    ),
    Promise(
        "refunds_within_total",
        "More was refunded on an order than its total.",
        "select number from orders_order where refunded_minor < 0 or refunded_minor > total_minor",
    ),
    Promise(
        "paid_orders_know_when",
        "An order is paid, or beyond, without the moment it was paid; or it waits for money and has one.",
        """select number from orders_order
           where (status in ('paid', 'shipped', 'delivered') and paid_at is null)
              or (status in ('awaiting_payment', 'requires_action', 'payment_unknown') and paid_at is not null)""",
    ),
    Promise(
        "refunded_orders_gave_all_back",
        "An order is called refunded, but not all of it went back.",
        "select number from orders_order where status = 'refunded' and refunded_minor <> total_minor",
    ),
    Promise(
        "one_open_order_a_basket",
        "A basket has more than one order waiting for money.",
        """select cart_id_was from orders_order
           where status in ('awaiting_payment', 'requires_action', 'payment_unknown') and cart_id_was is not null
           group by cart_id_was having count(*) > 1""",
    ),
)
