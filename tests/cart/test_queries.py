import pytest

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.catalog.models import Product
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as basket
from kidspetite.sales.cart.models import Cart
from tests.factories.cart import a_cart, a_filled_cart
from tests.factories.inventory import hold_for, soon, stock_of

pytestmark = pytest.mark.django_db


def test_a_basket_is_found_by_its_token_only():
    cart = carts.open_cart()
    assert basket.cart_by_token(cart.token) == cart
    for wrong in ("", "x", cart.token[:-1], cart.token.swapcase(), "\0", "é", "x" * 10_000):
        assert basket.cart_by_token(wrong) is None


@pytest.mark.parametrize("status", [Cart.Status.ORDERED, Cart.Status.MERGED])
def test_a_basket_that_has_ended_is_not_found(status):
    cart, _ = a_filled_cart()
    Cart.objects.update(status=status)
    assert basket.cart_by_token(cart.token) is None
    assert basket.count_of(cart.token) == 0


def test_a_basket_left_alone_for_90_days_is_not_found(pass_time):
    customer = User.objects.create_user("parent@kidspetite.example")
    cart = carts.open_cart(customer=customer)
    pass_time(days=89)
    assert basket.cart_by_token(cart.token)
    assert basket.cart_for(customer)
    pass_time(days=2)
    assert basket.cart_by_token(cart.token) is None
    assert basket.cart_for(customer) is None


def test_the_count_is_of_pieces():
    cart = a_cart(stock_of(5), stock_of(5), pieces=2)
    assert basket.count_of(cart.token) == 4
    assert basket.count_of("nobody's") == 0


def test_a_line_shows_price_stock_and_hold():
    body = stock_of(5, price=18_00)
    cart = a_cart(body, pieces=2)
    hold_for("cart:other", body, 1)
    line = basket.lines_of(cart)[0]
    assert (line.sku, line.quantity, line.available) == (body.sku, 2, 4)
    assert (line.unit_price, line.line_total) == (Money(18_00), Money(36_00))
    assert line.hold_expires_at == stock.holds_of(cart.holder)[body.pk].expires_at
    assert line.can_be_bought


def test_a_piece_taken_off_sale_stays_and_says_so():
    cart, _ = a_filled_cart()
    Product.objects.update(status=Product.Status.ARCHIVED)
    line = basket.lines_of(cart)[0]
    assert (line.is_for_sale, line.available, line.can_be_bought) == (False, 0, False)


def test_while_the_order_is_paid_its_basket_still_has_its_pieces():
    cart, line = a_filled_cart(stock=1)
    inventory.make_firm({line.variant_id: 1}, from_holder=cart.holder, holder="order:A", until=soon())
    assert basket.lines_of(cart)[0].is_held


def test_lines_take_as_many_queries_for_twenty_as_for_one(django_assert_num_queries):
    one, twenty = a_cart(stock_of(5)), a_cart(*[stock_of(5, size=f"s{number}") for number in range(20)])
    for cart in (one, twenty):
        with django_assert_num_queries(2):
            basket.lines_of(cart)
    empty = a_cart()
    with django_assert_num_queries(1):
        assert basket.lines_of(empty) == []


def test_what_was_bought_leaves_and_the_rest_stays():
    body, hat = stock_of(5), stock_of(5)
    cart = a_cart(body, hat, pieces=3)
    carts.take_out(cart, {body.pk: 3, hat.pk: 1})
    assert basket.pieces_in(cart) == {hat.pk: 2}
    assert {pk: hold.quantity for pk, hold in stock.holds_of(cart.holder).items()} == {hat.pk: 2}


def test_closing_frees_what_was_still_held_and_may_be_repeated():
    cart, line = a_filled_cart(stock=5, pieces=2)
    carts.close_cart(cart)
    carts.close_cart(cart)
    assert basket.cart_by_token(cart.token) is None
    assert stock.available_pieces([line.variant_id]) == {line.variant_id: 5}
