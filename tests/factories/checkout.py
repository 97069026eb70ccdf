"""A shop that can sell, a basket, and the words of a shopper who buys."""

from __future__ import annotations

import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from kidspetite.foundation.content.models import ShopSettings
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.pricing.models import TaxRule
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import rules
from kidspetite.journeys.checkout.types import Bought, Purchase
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.shipping.models import ShippingMethod, ShippingRate
from tests.factories.catalog import a_variant

ADDRESS = {
    "name": "Maya Alvarez",
    "line1": "12 Fern Street",
    "line2": "Apt 3",
    "city": "Brooklyn",
    "state": "NY",
    "postal_code": "11201",
    "country": "US",
    "phone": "(718) 555-0134",
}


def a_selling_shop() -> None:
    """Settings, two ways to send, and a tax: 8.875 % in New York, from the first cent."""
    yesterday = timezone.now() - timedelta(days=1)
    ShopSettings.objects.get_or_create(
        valid_from=yesterday,
        defaults={
            "email": "hello@kidspetite.example",
            "phone": "(718) 555-0100",
            "postal_address": "4 Tape Lane\nBrooklyn, NY 11201",
            "collects_tax_in": ["NY"],
            "free_shipping_from_minor": 20000,
        },
    )
    TaxRule.objects.get_or_create(
        state="NY", valid_from=yesterday.date(), defaults={"rate": Decimal("8.875"), "source": "test"}
    )
    for position, (code, name, price) in enumerate([("standard", "Standard", 500), ("express", "Express", 1500)]):
        method, _ = ShippingMethod.objects.get_or_create(
            code=code, defaults={"name": name, "position": position, "may_be_free": code == "standard"}
        )
        method.rates.all().delete()
        ShippingRate.objects.bulk_create(
            ShippingRate(method=method, zone=zone, price_minor=price, days_from=2, days_to=4)
            for zone in ShippingRate.Zone.values
        )


def a_stocked_variant(pieces: int = 10, **product: Any) -> Variant:
    variant = a_variant(**product)
    inventory.receive_stock({variant.pk: pieces}, reason="first delivery", by="test")
    return variant


def a_basket(*variants: Variant, quantity: int = 1) -> Cart:
    """A basket with so many of each variant in it, held."""
    cart = carts.open_cart()
    for variant in variants or (a_stocked_variant(),):
        carts.add_to_cart(cart, sku=variant.sku, quantity=quantity)
    return cart


def told(token: str = "tok_visa", **changes: Any) -> dict[str, Any]:
    """What a client sends to `POST /api/checkout`."""
    return {
        "email": "maya@home.example",
        "shipping_address": dict(ADDRESS),
        "shipping_method": "standard",
        "payment": {"provider": "sandbox", "token": token},
        "gift_message": None,
        "promo_code": None,
        "expected_total_cents": None,
    } | changes


def a_purchase(token: str = "tok_visa", **changes: Any) -> Purchase:
    return rules.validate_purchase(told(token, **changes))


def bought(*variants: Variant, token: str = "tok_visa", quantity: int = 1, **changes: Any) -> Bought:
    """A whole purchase, from shelf to order, with a key of its own."""
    cart = a_basket(*variants, quantity=quantity)
    return checkout.buy(cart, a_purchase(token, **changes), key=secrets.token_hex(8))
