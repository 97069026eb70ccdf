import pytest

from kidspetite.foundation.accounts.models import User
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.models import Hold
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as basket
from kidspetite.sales.cart.errors import NoSuchCart, NotYourCart
from kidspetite.sales.cart.models import Cart, CartLine
from kidspetite.sales.cart.types import CapReason, MergedLine
from tests.factories.cart import a_cart
from tests.factories.inventory import hold_for, soon, stock_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_promises():
    yield
    assert stock.broken_promises() == []


@pytest.fixture
def parent():
    return User.objects.create_user("parent@kidspetite.example")


def quantities(cart: Cart) -> dict[str, int]:
    return dict(cart.lines.values_list("variant__sku", "quantity"))


def test_lines_and_holds_come_over_and_add_up(parent):
    body, hat, sock = stock_of(9), stock_of(9), stock_of(9)
    mine = a_cart(body, hat, customer=parent)
    guest = a_cart(hat, sock, pieces=2)
    report = carts.merge_carts(mine, guest)
    assert quantities(mine) == {body.sku: 1, hat.sku: 3, sock.sku: 2}
    assert report.added == (MergedLine(hat.sku, added=2), MergedLine(sock.sku, added=2))
    assert report.capped == ()
    assert {pk: hold.quantity for pk, hold in stock.holds_of(mine.holder).items()} == {
        body.pk: 1,
        hat.pk: 3,
        sock.pk: 2,
    }
    assert not Hold.objects.filter(holder=guest.holder).exists()


def test_the_other_basket_ends(parent):
    guest = a_cart(stock_of(3))
    carts.merge_carts(a_cart(customer=parent), guest)
    assert basket.cart_by_token(guest.token) is None
    with pytest.raises(NoSuchCart):
        carts.merge_carts(a_cart(customer=parent), guest)


def test_no_line_of_another_customer_ever_comes_over(parent):
    other = User.objects.create_user("other@kidspetite.example")
    theirs = a_cart(stock_of(3), customer=other)
    for into in (a_cart(customer=parent), a_cart()):
        with pytest.raises(NotYourCart):
            carts.merge_carts(into, theirs)
        assert quantities(into) == {}
    assert basket.cart_by_token(theirs.token)


def test_two_baskets_of_one_customer_become_one(parent):
    body = stock_of(3)
    mine, older = a_cart(body, customer=parent), a_cart(body, customer=parent)
    carts.merge_carts(mine, older)
    assert quantities(mine) == {body.sku: 2}


def test_what_is_too_much_is_capped_and_told(parent):
    few, many = stock_of(3), stock_of(300)
    mine = a_cart(few, customer=parent)
    guest = a_cart(few, pieces=2)
    for cart in (mine, guest):
        carts.add_to_cart(cart, sku=many.sku, quantity=60)
    hold_for("cart:other", few, 0)
    report = carts.merge_carts(mine, guest)
    assert quantities(mine) == {few.sku: 3, many.sku: 99}
    assert report.capped == (MergedLine(many.sku, added=39, capped=21, reason=CapReason.MOST_PIECES),)


def test_stock_caps_what_two_baskets_want_together(parent):
    few = stock_of(3)
    mine = a_cart(few, pieces=2, customer=parent)
    Hold.objects.update(expires_at=soon(-1))
    guest = a_cart(few, pieces=2)
    report = carts.merge_carts(mine, guest)
    assert report.lines == (MergedLine(few.sku, added=1, capped=1, reason=CapReason.STOCK),)
    assert stock.holds_of(mine.holder)[few.pk].quantity == 3


def test_a_line_that_is_sold_out_by_now_comes_over_unheld(parent):
    last = stock_of(1)
    guest = a_cart(last)
    Hold.objects.update(expires_at=soon(-1))
    hold_for("cart:other", last, 1)
    mine = a_cart(customer=parent)
    assert carts.merge_carts(mine, guest).added == (MergedLine(last.sku, added=1),)
    assert stock.holds_of(mine.holder) == {}


@pytest.mark.slow
def test_lines_past_a_hundred_are_told_and_their_pieces_come_free(parent):
    full, body = a_cart(customer=parent), stock_of(3)
    made = [stock_of(0, size=f"s{number}") for number in range(100)]
    CartLine.objects.bulk_create(CartLine(cart=full, variant=variant, quantity=1) for variant in made)
    report = carts.merge_carts(full, a_cart(body, pieces=2))
    assert report.lines == (MergedLine(body.sku, added=0, capped=2, reason=CapReason.MOST_LINES),)
    assert full.lines.count() == 100
    assert stock.available_pieces([body.pk]) == {body.pk: 3}


def test_a_basket_does_not_merge_with_itself(parent):
    mine = a_cart(stock_of(3), customer=parent)
    assert carts.merge_carts(mine, Cart.objects.get(pk=mine.pk)).lines == ()
    assert basket.cart_by_token(mine.token)


def test_a_guests_basket_can_be_claimed_once(parent):
    guest = a_cart(stock_of(3))
    assert carts.claim_cart(guest, customer=parent).customer == parent
    carts.claim_cart(guest, customer=parent)
    with pytest.raises(NotYourCart):
        carts.claim_cart(guest, customer=User.objects.create_user("other@kidspetite.example"))
    assert basket.cart_for(parent) == guest
