"""Who may see an order, how it moves, and what its letters say."""

import pytest

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.notifications.models import Message
from kidspetite.goods.catalog.models import Product
from kidspetite.sales.orders import messages, operations, queries
from kidspetite.sales.orders.errors import CannotMove, RefundsExceedTotal
from kidspetite.sales.orders.models import Order
from kidspetite.sales.orders.types import WayBack
from tests.factories.checkout import a_stocked_variant
from tests.factories.orders import a_paid_order, a_shipped_order
from tests.factories.payments import a_payment, reloaded

pytestmark = pytest.mark.django_db


class TestWhoMaySee:
    @pytest.mark.parametrize("typed", ["KP-KP7F3K2M", "kpkp7f3k2m", " kp7f3k2m ", "KP - KP7F 3K2M"])
    def test_a_number_that_begins_like_its_own_mark_is_found(self, typed):
        order = a_paid_order()
        Order.objects.update(number="KP-KP7F3K2M")
        assert queries.find_order(number=typed, email=order.email).pk == order.pk

    def test_a_customer_sees_their_own_and_no_other(self):
        mine, other = (User.objects.create_user(f"{name}@home.example", "x" * 12) for name in ("maya", "leo"))
        order = a_paid_order()
        Order.objects.filter(pk=order.pk).update(customer=mine)
        assert list(queries.orders_for(mine)) == [order]
        assert queries.order_for(mine, order.number.lower()) == order
        assert not queries.orders_for(other).exists()
        assert queries.order_for(other, order.number) is None

    def test_a_guest_needs_token_or_number_and_mail(self):
        order = a_paid_order()
        assert queries.order_by_token(order.token) == order
        assert queries.order_by_token("") is None
        assert queries.order_by_token(order.number) is None
        bare = order.number.removeprefix("KP-").lower()
        assert queries.find_order(number=f" {bare} ", email=" MAYA@home.example ") == order
        assert queries.find_order(number=order.number, email="leo@home.example") is None

    def test_numbers_and_tokens_cannot_be_guessed(self):
        orders = [a_paid_order() for _ in range(3)]
        assert len({order.number for order in orders} | {order.token for order in orders}) == 6
        assert all(len(order.number) == 11 and len(order.token) >= 27 for order in orders)


class TestPath:
    def test_a_late_word_changes_nothing(self):
        order = a_shipped_order()
        operations.mark_delivered(order.pk, by="user:1")
        operations.mark_payment_unknown(order.pk)
        operations.mark_awaiting_payment(order.pk, reason="late")
        operations.mark_paid(order.pk)
        operations.mark_shipped(order.pk, carrier="usps", tracking_number="2", by="user:1")
        assert reloaded(order).status == "delivered"

    def test_an_unpaid_order_is_not_sent(self):
        order = a_payment("tok_3ds").order
        with pytest.raises(CannotMove) as refused:
            operations.mark_shipped(order.pk, carrier="usps", tracking_number="1", by="user:1")
        assert refused.value.facts == {"order": order.number, "status": "requires_action", "wanted": "shipped"}
        assert not reloaded(order).events.filter(kind="shipped").exists()

    def test_no_more_goes_back_than_the_total(self):
        order = a_paid_order()
        with pytest.raises(RefundsExceedTotal):
            operations.note_refund(order.pk, order.total * 2, by="user:1")

    def test_staff_notes_are_not_for_the_shopper(self):
        order = a_paid_order()
        operations.add_note(order.pk, text="Called: leave it at the door", by="user:1")
        assert [mark.kind for mark in queries.order_view(order).marks] == ["placed", "paid"]
        assert "note" in [mark.kind for mark in queries.staff_marks(order)]


class TestLetters:
    def test_the_confirmation_says_everything_once(self, run_waiting_jobs):
        shirt = a_stocked_variant(price=1850, name="Fern <bodysuit> & cap")
        order = a_paid_order(shirt, quantity=2, gift_message="For Leo\n<b>from us</b>")
        run_waiting_jobs()
        letter = Message.objects.get(key=f"order-confirmation:{order.number}")
        assert letter.status == "sent"
        assert letter.to == "maya@home.example"
        words = [order.number, "Fern", "$37.00", "$5.00", "$3.28", "$45.28", "12 Fern Street", "Brooklyn", "from us",
                 "Standard", f"/orders/{order.token}", "hello@kidspetite.example", "4 Tape Lane"]  # fmt: skip
        for word in words:
            assert word in letter.text, word
            assert word in letter.html, word
        assert "<b>from us" not in letter.html
        assert "&lt;bodysuit&gt; &amp; cap" in letter.html

    def test_sales_are_counted_for_the_bestsellers(self, run_waiting_jobs):
        shirt = a_stocked_variant()
        a_paid_order(shirt, quantity=3)
        run_waiting_jobs()
        assert Product.objects.get(pk=shirt.product_id).sold == 3

    def test_shipped_tells_the_number_to_follow(self, run_waiting_jobs):
        order = a_shipped_order(tracking_number="9400111899560000000001")
        run_waiting_jobs()
        letter = Message.objects.get(kind="order-shipped")
        for word in (order.number, "9400111899560000000001", "USPS", "Left our house", "Ordered"):
            assert word in letter.text, word
            assert word in letter.html, word

    def test_every_letter_is_calm(self, run_waiting_jobs):
        view = queries.order_view(a_shipped_order())
        ended = queries.Cancellation(was="paid", reason="", money_comes_back=True, was_being_checked=False)
        for letter in (
            messages.order_confirmation(view),
            messages.order_shipped(view),
            messages.order_cancelled(view, ended),
            messages.order_refunded(view, view.total, so_far=view.total, way=WayBack.SAME_WAY),
            messages.order_refunded(view, view.total, so_far=view.total, way=WayBack.STORE_CREDIT),
            messages.order_refunded(view, view.total, so_far=view.total, way=WayBack.LET_GO),
        ):
            assert "!" not in letter.text + letter.subject
            assert "{" not in letter.text
            assert view.number in letter.subject
            assert letter.subject_key == f"order:{view.number}"


def test_the_status_document_is_json_of_cents(client):
    view = queries.order_view(a_paid_order(a_stocked_variant(price=1850), quantity=2))
    told = queries.status_document(view)
    assert told["items"][0] | {"name": "", "sku": ""} == {
        "sku": "", "name": "", "size": "3–6 m", "colour": "Clover", "quantity": 2, "unit_price_cents": 1850,
        "line_total_cents": 3700, "discount_cents": 0, "tax_cents": 328,
    }  # fmt: skip
    sums = told["subtotal_cents"] - told["discount_cents"] + told["shipping_cents"] + told["tax_cents"]
    assert told["total_cents"] == sums == 4528
    assert told["status"] == "paid"
