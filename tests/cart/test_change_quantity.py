import pytest

from kidspetite.goods.catalog.models import Product
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.errors import OutOfStock
from kidspetite.goods.inventory.models import Hold
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.errors import BadQuantity, NoSuchCart, NoSuchLine, NotForSale
from kidspetite.sales.cart.models import Cart
from tests.factories.cart import a_filled_cart
from tests.factories.inventory import hold_for, soon

pytestmark = pytest.mark.django_db


def held(cart: Cart) -> list[int]:
    return [hold.quantity for hold in stock.holds_of(cart.holder).values()]


@pytest.mark.parametrize("quantity", [1, 3, 5])
def test_a_line_and_its_hold_become_exactly_that_many(quantity):
    cart, line = a_filled_cart(stock=5, pieces=3)
    assert carts.change_quantity(cart, line_id=line.pk, quantity=quantity).quantity == quantity
    assert cart.lines.get().quantity == quantity
    assert held(cart) == [quantity]


def test_none_removes_the_line_and_its_hold():
    cart, line = a_filled_cart()
    assert carts.change_quantity(cart, line_id=line.pk, quantity=0) is None
    assert not cart.lines.exists()
    assert held(cart) == []


def test_removing_twice_says_that_it_is_gone():
    cart, line = a_filled_cart()
    carts.remove_line(cart, line_id=line.pk)
    with pytest.raises(NoSuchLine):
        carts.remove_line(cart, line_id=line.pk)


@pytest.mark.parametrize("quantity", ["2 ", 1.5, -1, 100, 1_000_000_000, None, False])
def test_what_is_no_quantity_changes_nothing(quantity):
    cart, line = a_filled_cart(pieces=2)
    with pytest.raises(BadQuantity) as refused:
        carts.change_quantity(cart, line_id=line.pk, quantity=quantity)
    assert [error.field for error in refused.value.errors] == ["quantity"]
    assert cart.lines.get().quantity == 2


def test_more_than_there_is_changes_nothing():
    cart, line = a_filled_cart(stock=5, pieces=2)
    with pytest.raises(OutOfStock) as refused:
        carts.change_quantity(cart, line_id=line.pk, quantity=6)
    assert refused.value.facts["available"] == 5
    assert cart.lines.get().quantity == 2
    assert held(cart) == [2]


def test_a_line_of_another_basket_is_not_found():
    _, foreign = a_filled_cart()
    cart, _ = a_filled_cart()
    with pytest.raises(NoSuchLine):
        carts.change_quantity(cart, line_id=foreign.pk, quantity=1)
    assert foreign.cart.lines.get().quantity == 1


def test_an_ordered_basket_does_not_change():
    cart, line = a_filled_cart()
    carts.close_cart(cart)
    with pytest.raises(NoSuchCart):
        carts.change_quantity(cart, line_id=line.pk, quantity=2)


def test_fewer_is_always_possible_even_when_others_took_the_rest():
    cart, line = a_filled_cart(stock=3, pieces=3)
    Hold.objects.update(expires_at=soon(-1))
    hold_for("cart:other", line.variant, 3)
    assert carts.change_quantity(cart, line_id=line.pk, quantity=2).quantity == 2
    assert held(cart) == []


def test_more_of_what_is_no_longer_for_sale_is_refused_fewer_is_not():
    cart, line = a_filled_cart(pieces=2)
    Product.objects.update(status=Product.Status.ARCHIVED)
    with pytest.raises(NotForSale):
        carts.change_quantity(cart, line_id=line.pk, quantity=3)
    assert carts.change_quantity(cart, line_id=line.pk, quantity=1).quantity == 1
