import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as basket
from kidspetite.sales.cart.models import Cart
from tests.factories.cart import a_cart, a_filled_cart
from tests.factories.inventory import hold_for, stock_of

pytestmark = pytest.mark.django_db


def writes(act) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        act()
    return [entry["sql"] for entry in captured if entry["sql"].startswith(("UPDATE", "INSERT", "DELETE", "\nwith"))]


def test_a_second_look_within_a_minute_writes_nothing(pass_time):
    cart, _ = a_filled_cart()
    pass_time(seconds=70)
    assert writes(lambda: carts.touch_cart(cart))
    pass_time(seconds=50)
    assert writes(lambda: carts.touch_cart(basket.cart_by_token(cart.token))) == []


def test_looking_renews_the_holds(pass_time):
    cart, line = a_filled_cart()
    for _ in range(4):
        pass_time(minutes=10)
        inventory.release_expired()
        carts.touch_cart(cart)
    assert stock.holds_of(cart.holder)[line.variant_id].quantity == 1


def test_a_lapsed_hold_leaves_the_line_and_is_held_again_at_the_next_look(pass_time):
    cart, line = a_filled_cart(pieces=2)
    pass_time(hours=5)
    inventory.release_expired()
    shown = basket.lines_of(cart)[0]
    assert (shown.quantity, shown.is_held, shown.available) == (2, False, 5)
    carts.touch_cart(cart)
    assert basket.lines_of(cart)[0].is_held
    assert stock.holds_of(cart.holder)[line.variant_id].quantity == 2


def test_a_lapsed_line_whose_pieces_are_gone_stays_and_says_so(pass_time):
    cart, line = a_filled_cart(stock=2, pieces=2)
    pass_time(hours=5)
    hold_for("cart:other", line.variant, 1)
    assert writes(lambda: carts.touch_cart(cart))[0].startswith("UPDATE")
    shown = basket.lines_of(cart)[0]
    assert (shown.quantity, shown.available, shown.can_be_bought) == (2, 1, False)


def test_what_others_hold_is_not_locked_at_every_look(pass_time):
    cart, line = a_filled_cart(stock=1)
    pass_time(hours=5)
    hold_for("cart:other", line.variant, 1)
    carts.touch_cart(cart)
    with CaptureQueriesContext(connection) as captured:
        carts.touch_cart(cart)
    assert not [entry for entry in captured if "FOR UPDATE" in entry["sql"]]


def test_lines_past_the_cap_are_left_as_they_are(settings):
    settings.RATE_HOLD_PIECES = 2
    cart = a_cart(stock_of(5), stock_of(5), pieces=2)
    assert writes(lambda: carts.touch_cart(cart)) == []


def test_a_basket_that_was_bought_meanwhile_is_left_alone(pass_time):
    cart, _ = a_filled_cart()
    Cart.objects.update(status=Cart.Status.ORDERED)
    pass_time(hours=1)
    carts.touch_cart(cart)
    assert stock.holds_of(cart.holder) == {}
