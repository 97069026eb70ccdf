"""Crowds at one basket, and crowds of baskets at one shelf.

Seen: with `without_locks` put on the whole module, every test of the real code here fails, but for the adding up of
tabs, which one statement does even so.
"""

from collections.abc import Callable

import pytest
from django.db import transaction

from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.errors import OutOfStock
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as basket
from kidspetite.sales.cart.errors import NoSuchCart, NoSuchLine
from kidspetite.sales.cart.models import Cart, CartLine
from tests.factories.cart import a_cart
from tests.factories.inventory import stock_of
from tests.harness.crowd import must_go_wrong, together

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 16


def shoppers(variant: Variant) -> Callable[[int], bool]:
    mine = [carts.open_cart() for _ in range(CROWD)]

    def act(number: int) -> bool:
        try:
            carts.add_to_cart(mine[number], sku=variant.sku)
            return True
        except OutOfStock:
            return False

    return act


def test_of_many_shoppers_exactly_as_many_get_a_piece_as_there_are_pieces():
    coat = stock_of(5)
    assert sum(together(CROWD, shoppers(coat))) == 5
    assert CartLine.objects.count() == 5
    assert stock.broken_promises() == []


def test_without_the_locks_more_get_one(without_locks):
    must_go_wrong(lambda _: sum(together(CROWD, shoppers(stock_of(5)))) > 5)


def reads_then_writes(cart: Cart, variant: Variant) -> None:
    """A naive twin of add_to_cart."""
    with transaction.atomic():
        line, is_new = CartLine.objects.get_or_create(cart=cart, variant=variant, defaults={"quantity": 1})
        if not is_new:
            line.quantity += 1
            line.save()


def adds(cart: Cart, variant: Variant) -> None:
    carts.add_to_cart(cart, sku=variant.sku)


def put_in_by_many_tabs(add: Callable[[Cart, Variant], None]) -> tuple[int, int]:
    """Pieces in the basket, and pieces held for it."""
    coat, cart = stock_of(50), carts.open_cart()
    together(CROWD, lambda _: add(cart, coat))
    held = stock.holds_of(cart.holder)
    return cart.lines.get().quantity, held[coat.pk].quantity if held else 0


def test_many_tabs_of_one_basket_add_up():
    assert [put_in_by_many_tabs(adds) for _ in range(2)] == 2 * [(CROWD, CROWD)]
    assert stock.broken_promises() == []


def test_a_naive_twin_loses_some():
    must_go_wrong(lambda _: put_in_by_many_tabs(reads_then_writes)[0] < CROWD)


def test_lines_are_counted_right_by_many_tabs_at_the_limit(monkeypatch):
    monkeypatch.setattr("kidspetite.sales.cart.rules.MOST_LINES", 4)
    shelves = [stock_of(5, size=f"s{number}") for number in range(CROWD)]
    cart = carts.open_cart()

    def act(number: int) -> bool:
        try:
            carts.add_to_cart(cart, sku=shelves[number].sku)
            return True
        except carts.TooManyLines:
            return False

    assert sum(together(CROWD, act)) == 4
    assert cart.lines.count() == 4


@pytest.mark.parametrize("round_", range(3))
def test_changing_removing_and_looking_at_once_leaves_line_and_hold_alike(round_):
    coat = stock_of(30)
    cart = a_cart(coat, pieces=3)
    line_id = cart.lines.get().pk

    def act(number: int) -> None:
        try:
            match (number + round_) % 4:
                case 0:
                    carts.change_quantity(cart, line_id=line_id, quantity=1 + number)
                case 1:
                    carts.touch_cart(Cart.objects.get(pk=cart.pk))
                case 2:
                    carts.add_to_cart(cart, sku=coat.sku)
                case 3 if number > 12:
                    carts.remove_line(cart, line_id=line_id)
        except NoSuchLine:
            pass

    together(CROWD, act)
    held = stock.holds_of(cart.holder)
    assert basket.pieces_in(cart) == {pk: hold.quantity for pk, hold in held.items()}
    assert stock.broken_promises() == []


def test_two_baskets_merged_into_each_other_at_once_become_one():
    coat, hat = stock_of(30), stock_of(30)
    for _ in range(3):
        one, other = a_cart(coat, pieces=2), a_cart(coat, hat)

        def act(number: int, one: Cart = one, other: Cart = other) -> bool:
            pair = (one, other) if number % 2 else (other, one)
            try:
                carts.merge_carts(*pair)
                return True
            except NoSuchCart:
                return False

        assert sum(together(CROWD, act)) == 1
        left = [cart for cart in (one, other) if basket.cart_by_token(cart.token)]
        assert [basket.pieces_in(cart) for cart in left] == [{coat.pk: 3, hat.pk: 1}]
    assert stock.broken_promises() == []
