from datetime import timedelta
from math import nan

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.goods.catalog.errors import UnknownSku
from kidspetite.goods.catalog.models import Product, Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.errors import OutOfStock
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as basket
from kidspetite.sales.cart.errors import BadQuantity, NoSuchCart, NotForSale, TooManyLines
from kidspetite.sales.cart.models import Cart, CartLine
from tests.factories.cart import a_cart
from tests.factories.inventory import hold_for, stock_of

pytestmark = pytest.mark.django_db


def fields(error: DomainError) -> list[str]:
    return [entry.field for entry in error.errors]


def test_the_first_piece_is_a_line_and_a_hold():
    body = stock_of(5)
    cart = carts.open_cart()
    line = carts.add_to_cart(cart, sku=body.sku, quantity=2)
    assert (line.variant_id, line.quantity, line.cart_id) == (body.pk, 2, cart.pk)
    assert CartLine.objects.get().pk == line.pk
    hold = stock.holds_of(cart.holder)[body.pk]
    assert hold.quantity == 2
    assert timedelta(minutes=14) < hold.expires_at - clock.now() <= timedelta(minutes=15)


def test_the_same_sku_adds_up_in_one_line_and_one_hold():
    body = stock_of(5)
    cart = a_cart(body)
    assert carts.add_to_cart(cart, sku=body.sku, quantity=3).quantity == 4
    assert cart.lines.count() == 1
    assert stock.holds_of(cart.holder)[body.pk].quantity == 4


@pytest.mark.parametrize("quantity", ["2 ", "2", 1.5, nan, -1, 0, 1_000_000_000, 100, True, None, [1]])
def test_a_quantity_is_a_whole_number_from_1_to_99(quantity):
    body, cart = stock_of(5), carts.open_cart()
    with pytest.raises(BadQuantity) as refused:
        carts.add_to_cart(cart, sku=body.sku, quantity=quantity)
    assert refused.value.status == 422
    assert fields(refused.value) == ["quantity"]
    assert not cart.lines.exists()


def test_a_line_has_at_most_99_pieces():
    body = stock_of(200)
    cart = a_cart(body, pieces=60)
    with pytest.raises(BadQuantity) as refused:
        carts.add_to_cart(cart, sku=body.sku, quantity=40)
    assert refused.value.facts == {"in_basket": 60}
    assert cart.lines.get().quantity == 60
    assert carts.add_to_cart(cart, sku=body.sku, quantity=39).quantity == 99


def test_a_basket_has_at_most_100_lines():
    body, other = stock_of(5), stock_of(5)
    cart = a_cart(body)
    colour, size, product = body.colour, body.size, body.product
    more = [
        Variant(product=product, size=other.size, colour=type(colour).objects.create(
            slug=f"c{n}", name=f"c{n}", swatch="#000000"), sku=f"M{n}", price_minor=1)
        for n in range(99)
    ]  # fmt: skip
    CartLine.objects.bulk_create(CartLine(cart=cart, variant=v, quantity=1) for v in Variant.objects.bulk_create(more))
    with pytest.raises(TooManyLines) as refused:
        carts.add_to_cart(cart, sku=other.sku)
    assert fields(refused.value) == ["sku"]
    assert size.pk
    assert cart.lines.count() == 100
    assert carts.add_to_cart(cart, sku=body.sku).quantity == 2


@pytest.mark.parametrize("sku", ["NO-SUCH", "", "x" * 5000, "NUL\0", "’; drop table", "\ud800"])
def test_an_unknown_sku_is_not_found(sku):
    with pytest.raises(UnknownSku) as refused:
        carts.add_to_cart(carts.open_cart(), sku=sku)
    assert (refused.value.status, refused.value.code) == (404, "catalog.unknown_sku")
    assert fields(refused.value) == ["sku"]


@pytest.mark.parametrize("state", ["archived", "draft", "inactive", "not yet"])
def test_what_is_not_for_sale_cannot_be_added(state):
    body = stock_of(5)
    if state == "inactive":
        Variant.objects.filter(pk=body.pk).update(is_active=False)
    elif state == "not yet":
        Product.objects.filter(pk=body.product_id).update(published_at=clock.now() + timedelta(days=1))
    else:
        Product.objects.filter(pk=body.product_id).update(status=state)
    cart = carts.open_cart()
    with pytest.raises(NotForSale) as refused:
        carts.add_to_cart(cart, sku=body.sku)
    assert fields(refused.value) == ["sku"]
    assert not cart.lines.exists()


def test_more_than_is_free_is_refused_and_leaves_the_basket_as_it_was():
    body = stock_of(3)
    cart = a_cart(body, pieces=2)
    hold_for("cart:other", body, 1)
    with pytest.raises(OutOfStock) as refused:
        carts.add_to_cart(cart, sku=body.sku, quantity=1)
    assert refused.value.code == "inventory.out_of_stock"
    assert {name: refused.value.facts[name] for name in ("sku", "available", "held")} == {
        "sku": body.sku,
        "available": 2,
        "held": 1,
    }
    assert cart.lines.get().quantity == 2
    assert stock.holds_of(cart.holder)[body.pk].quantity == 2


@pytest.mark.parametrize("status", [Cart.Status.ORDERED, Cart.Status.MERGED])
def test_a_basket_that_has_ended_takes_nothing(status):
    body, cart = stock_of(3), carts.open_cart()
    Cart.objects.update(status=status)
    with pytest.raises(NoSuchCart) as refused:
        carts.add_to_cart(cart, sku=body.sku)
    assert refused.value.status == 404
    assert stock.available_pieces([body.pk])[body.pk] == 3


def test_past_the_cap_a_line_enters_without_a_hold(settings):
    settings.RATE_HOLD_PIECES = 4
    body, hat = stock_of(50), stock_of(50)
    cart = a_cart(body, pieces=4)
    assert carts.add_to_cart(cart, sku=hat.sku, quantity=3).quantity == 3
    lines = basket.lines_of(cart)
    assert [line.is_held for line in lines] == [True, False]
    assert all(line.can_be_bought for line in lines)


def test_the_cap_does_not_hide_that_there_are_too_few(settings):
    settings.RATE_HOLD_PIECES = 4
    hat = stock_of(5)
    with pytest.raises(OutOfStock):
        a_cart(hat, pieces=6)


def test_adding_tells_the_catalogue_only_when_a_band_changes(monkeypatch):
    from kidspetite.goods.catalog import operations as catalog

    told, note_bands = [], catalog.note_bands
    body = stock_of(6)
    monkeypatch.setattr(catalog, "note_bands", lambda bands: (told.append(dict(bands)), note_bands(bands)))
    cart = a_cart(body)
    carts.add_to_cart(cart, sku=body.sku)
    assert told == []
    carts.add_to_cart(cart, sku=body.sku)
    assert told == [{body.pk: "few"}]


def statements(cart: Cart, sku: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        carts.add_to_cart(cart, sku=sku)
    return [entry["sql"] for entry in captured if "SAVEPOINT" not in entry["sql"]]


def test_adding_takes_five_statements_in_an_empty_basket_and_in_a_full_one():
    bodies = [stock_of(50, size=f"s{number}") for number in range(20)]
    cart = carts.open_cart()
    first = statements(cart, bodies[0].sku)
    for body in bodies[1:]:
        carts.add_to_cart(cart, sku=body.sku)
    assert len(first) == 5, first
    assert len(statements(cart, bodies[0].sku)) == 5


def test_a_used_basket_keeps_all_its_holds_alive(pass_time):
    body, hat = stock_of(5), stock_of(5)
    cart = a_cart(body)
    pass_time(minutes=10)
    carts.add_to_cart(cart, sku=hat.sku)
    pass_time(minutes=10)
    inventory.release_expired()
    assert set(stock.holds_of(cart.holder)) == {body.pk, hat.pk}
