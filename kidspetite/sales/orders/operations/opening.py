"""What was promised, written down with every number and label of the quote."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.foundation.plumbing.recipes import ask_kept, fields_of, values_of
from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.goods.pricing.types import Applied, Quote, QuotedLine
from kidspetite.sales.orders import rules
from kidspetite.sales.orders.events import OrderPlaced
from kidspetite.sales.orders.models import Order
from kidspetite.sales.orders.operations.timeline import SHOPPER
from kidspetite.sales.orders.types import Labels, ShipTo

_FIELDS = fields_of(Order)
# Order, lines and the first mark on its timeline, together.
OPEN = f"""
with opened as (
    insert into orders_order ({", ".join(field.column for field in _FIELDS)})
    values ({", ".join(f"%({field.column})s" for field in _FIELDS)}) returning id
), lines as (
    insert into orders_orderline (order_id, variant_id, sku, name, product_slug, size_label, colour_name, quantity,
                                  unit_price_minor, discount_minor, tax_minor)
    select opened.id, line.* from opened, unnest(
        %(variants)s::bigint[], %(skus)s::text[], %(names)s::text[], %(slugs)s::text[], %(sizes)s::text[],
        %(colours)s::text[], %(pieces)s::int[], %(prices)s::bigint[], %(discounted)s::bigint[], %(taxes)s::bigint[]
    ) as line
), marks as (
    insert into orders_orderevent (order_id, kind, text, is_public, actor, facts, at)
    select id, 'placed', %(mark)s, true, %(actor)s, '{{}}', %(placed_at)s from opened
)
select id from opened
"""


@one_transaction()
def open_order(
    quote: Quote,
    *,
    cart_id: int | None,
    email: str,
    customer_id: int | None,
    ship_to: ShipTo,
    labels: Mapping[int, Labels],
    gift_message: str = "",
    gift_receipt: bool = False,
    texts_to: str = "",
    number: str = "",
) -> Order:
    """Write down what was promised, with every number and label of the quote. Expects the basket locked and its
    pieces held; refuses a quote without a total (ValueError), because that is a fault of the caller.
    """
    if quote.total is None or quote.shipping is None or quote.tax is None or quote.rate is None:
        raise ValueError("an order needs a quote with a destination and a way to send")
    wanted = {line.variant_id: line.quantity for line in quote.lines}
    order = Order(
        cart_id_was=cart_id,
        customer_id=customer_id,
        email=email,
        currency=quote.total.currency,
        subtotal_minor=quote.subtotal.minor,
        discount_minor=quote.discount.minor,
        shipping_minor=quote.shipping.minor,
        tax_minor=quote.tax.minor,
        total_minor=quote.total.minor,
        shipping_address=dataclasses.asdict(ship_to),
        shipping_method=quote.rate.method_code,
        shipping_label=quote.rate.label,
        arrives_from=quote.arrives_from,
        arrives_to=quote.arrives_to,
        gift_message=gift_message,
        gift_receipt=gift_receipt,
        texts_to=texts_to,
        **_taxed_by(quote),
        discounts=discounts_of(quote.applied),
        basket_print=basket_print(wanted, ship_to, quote.rate.method_code),
        placed_at=clock.now(),
        **({"number": number} if number else {}),
    )
    _write(order, quote.lines, labels)
    publish(OrderPlaced(order.pk))
    return order


def discounts_of(applied: Sequence[Applied]) -> list[dict[str, Any]]:
    """The promotions of a quote as an order writes them down."""
    return [{"name": one.name, "code": one.code, "amount_minor": one.amount.minor} for one in applied]


def basket_print(wanted: Mapping[int, int], ship_to: ShipTo, method: str) -> str:
    """The fingerprint an order of these pieces, going there that way, would carry."""
    return rules.basket_print(wanted.items(), dataclasses.asdict(ship_to), method)


def _taxed_by(quote: Quote) -> dict[str, Any]:
    basis = quote.tax_basis
    if basis is None:
        return {}
    return {"tax_source": basis.source, "tax_rate": basis.rate, "tax_reference": basis.reference}


def _write(order: Order, lines: Sequence[QuotedLine], labels: Mapping[int, Labels]) -> None:
    named = [labels[line.variant_id] for line in lines]
    columns = zip((field.column for field in _FIELDS), values_of(order, _FIELDS), strict=True)
    told = {
        **dict(columns),
        "variants": [line.variant_id for line in lines],
        "skus": [line.sku for line in lines],
        "names": [label.name for label in named],
        "slugs": [label.product_slug for label in named],
        "sizes": [label.size for label in named],
        "colours": [label.colour for label in named],
        "pieces": [line.quantity for line in lines],
        "prices": [line.unit_price.minor for line in lines],
        "discounted": [line.discount.minor for line in lines],
        "taxes": [line.tax.minor for line in lines],
        "mark": _("Ordered"),
        "actor": SHOPPER,
    }
    ((order.pk,),) = ask_kept(OPEN, told)
    order._state.adding, order._state.db = False, "default"
