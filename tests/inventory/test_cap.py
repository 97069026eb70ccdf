"""How many pieces one client may hold, in one basket or in many."""

import pytest

from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as basket
from tests.factories.inventory import soon, stock_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def limited(settings):
    settings.RATE_LIMITS_ON, settings.RATE_HOLD_PIECES = True, 10


def test_many_baskets_of_one_client_hold_no_more_than_one_basket_may(limited):
    coat = stock_of(500)
    for _number in range(20):
        carts.add_to_cart(carts.open_cart(client="bot"), sku=coat.sku, quantity=7)
    assert stock.available_pieces([coat.pk])[coat.pk] == 490
    carts.add_to_cart(carts.open_cart(client="somebody else"), sku=coat.sku, quantity=7)
    assert stock.available_pieces([coat.pk])[coat.pk] == 483


def test_the_line_is_in_the_basket_says_so_and_can_be_bought(limited):
    coat = stock_of(50)
    carts.add_to_cart(carts.open_cart(client="bot"), sku=coat.sku, quantity=8)
    second = carts.open_cart(client="bot")
    carts.add_to_cart(second, sku=coat.sku, quantity=5)
    (line,) = basket.lines_of(second)
    assert (line.quantity, line.held, line.is_held, line.is_past_cap, line.can_be_bought) == (5, 2, False, True, True)
    with one_transaction():
        inventory.make_firm({coat.pk: 5}, from_holder=second.holder, holder="order:A", until=soon())
    assert stock.holds_of(second.holder)[coat.pk].quantity == 5


def test_what_one_basket_lets_go_another_of_the_client_holds_at_its_next_look(limited):
    coat = stock_of(50)
    first, second = carts.open_cart(client="bot"), carts.open_cart(client="bot")
    line = carts.add_to_cart(first, sku=coat.sku, quantity=8)
    carts.add_to_cart(second, sku=coat.sku, quantity=8)
    carts.remove_line(first, line_id=line.pk)
    carts.touch_cart(second)
    assert basket.lines_of(second)[0].is_held
    assert stock.broken_promises() == []


def test_a_hold_that_is_there_is_not_taken_away_by_the_cap(limited, settings):
    coat = stock_of(50)
    mine = carts.open_cart(client="office")
    carts.add_to_cart(mine, sku=coat.sku, quantity=8)
    settings.RATE_HOLD_PIECES = 3
    carts.touch_cart(mine)
    assert basket.lines_of(mine)[0].is_held


def test_without_limits_baskets_count_for_themselves(settings):
    settings.RATE_LIMITS_ON, settings.RATE_HOLD_PIECES = False, 10
    coat = stock_of(500)
    for _number in range(3):
        carts.add_to_cart(carts.open_cart(client="bench"), sku=coat.sku, quantity=7)
    assert stock.available_pieces([coat.pk])[coat.pk] == 479
