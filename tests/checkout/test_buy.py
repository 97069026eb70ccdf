"""Buying: one basket, one order, one charge."""

import dataclasses

import pytest

from kidspetite.foundation.plumbing import idempotency
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory.errors import OutOfStock
from kidspetite.goods.inventory.models import Hold, Movement, StockLevel
from kidspetite.goods.pricing.errors import CodeUnknown, MethodNotOffered
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import queries, rules
from kidspetite.journeys.checkout.errors import (
    CartClosed,
    EmptyCart,
    OrderEnded,
    PaymentRunning,
    PriceChanged,
)
from kidspetite.journeys.checkout.models import Draft
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.errors import NotForSale
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import PaymentDeclined, UnknownMethod
from kidspetite.sales.payments.models import Payment, SandboxCharge
from tests.factories.checkout import ADDRESS, a_basket, a_purchase, a_selling_shop, a_stocked_variant
from tests.factories.payments import charges

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    a_selling_shop()


def test_a_basket_becomes_a_paid_order_with_every_number_as_quoted():
    shirt = a_stocked_variant(10, price=1850)
    cart = a_basket(shirt, quantity=2)

    answer = checkout.buy(cart, a_purchase(gift_message="For Leo,\nfrom us"), key="first")

    order = Order.objects.get(number=answer.order_number)
    assert (answer.status, order.status, answer.token) == ("paid", "paid", order.token)
    assert (order.subtotal_minor, order.shipping_minor) == (3700, 500)
    assert order.tax_minor == 328  # 8.875 % of $37.00 is $3.28375
    assert answer.total.minor == order.total_minor == 3700 + 500 + 328
    assert [(charge.amount_minor, charge.token) for charge in charges()] == [(order.total_minor, "tok_visa")]
    assert (order.email, order.gift_message) == ("maya@home.example", "For Leo,\nfrom us")
    assert order.shipping_address["postal_code"] == "11201"
    assert Cart.objects.get(pk=cart.pk).status == Cart.Status.ORDERED


def test_pieces_leave_the_shelf_and_the_hold_ends():
    shirt = a_stocked_variant(10)
    checkout.buy(a_basket(shirt, quantity=3), a_purchase(), key="k")

    level = StockLevel.objects.get(variant=shirt)
    assert (level.on_hand, level.reserved) == (7, 0)
    assert not Hold.objects.exists()
    assert Movement.objects.filter(kind="sold").values_list("quantity", flat=True).get() == -3


def test_a_line_keeps_its_labels_when_the_product_is_renamed():
    shirt = a_stocked_variant(10, name="Fern bodysuit")
    answer = checkout.buy(a_basket(shirt), a_purchase(), key="k")
    shirt.product.name = "Something else"
    shirt.product.save()

    line = Order.objects.get(number=answer.order_number).lines.get()
    assert (line.name, line.sku, line.colour_name, line.quantity) == ("Fern bodysuit", shirt.sku, "Clover", 1)


class TestRepetition:
    def test_the_same_key_gives_the_same_order_and_charges_once(self):
        cart = a_basket()
        first = checkout.buy(cart, a_purchase(), key="same")
        assert checkout.buy(cart, a_purchase(), key="same") == first
        assert Order.objects.count() == Payment.objects.count() == len(charges()) == 1

    def test_a_second_tab_with_its_own_key_finds_the_basket_bought(self):
        cart = a_basket()
        first = checkout.buy(cart, a_purchase(), key="tab one")
        with pytest.raises(CartClosed) as refused:
            checkout.buy(cart, a_purchase(), key="tab two")
        assert refused.value.facts == {"order_number": first.order_number}
        assert len(charges()) == 1

    def test_a_retry_after_the_process_died_continues_the_order_it_had_opened(self):
        cart = a_basket()
        ticket = idempotency.begin(scope="cart", path="/api/checkout", key="k", body=b"{}")
        attempt = rules.attempt_key(cart.pk, "k")
        placed = checkout.place_order(cart.pk, a_purchase(), key=attempt, ticket=ticket)
        assert not SandboxCharge.objects.exists()

        answer = checkout.buy(cart, a_purchase(), key="k", ticket=ticket)

        assert (answer.order_number, answer.status) == (placed.order_number, "paid")
        assert Order.objects.count() == 1
        record = idempotency.IdempotencyRecord.objects.get()
        assert record.subject == placed.order_number

    @pytest.mark.parametrize("status", ["shipped", "delivered"])
    def test_the_same_key_tells_of_an_order_that_has_left(self, status):
        cart = a_basket()
        first = checkout.buy(cart, a_purchase(), key="same")
        Order.objects.update(status=status)
        assert checkout.buy(cart, a_purchase(), key="same") == dataclasses.replace(first, status=status)

    def test_an_order_that_staff_cancelled_was_bought_all_the_same(self):
        cart = a_basket()
        first = checkout.buy(cart, a_purchase(), key="same")
        orders.cancel_order(Order.objects.get().pk, by="user:1", reason="asked to")
        assert checkout.buy(cart, a_purchase(), key="same") == dataclasses.replace(first, status="cancelled")
        Order.objects.update(status="refunded")
        assert checkout.buy(cart, a_purchase(), key="same").status == "refunded"

    def test_an_order_that_had_ended_before_the_money_came_is_not_called_sold_out(self):
        cart = a_basket()
        checkout.buy(cart, a_purchase("tok_timeout"), key="same")
        orders.cancel_order(Order.objects.get().pk, by="user:1", reason="asked to")
        payments.reconcile_now()
        with pytest.raises(OrderEnded) as ended:
            checkout.buy(cart, a_purchase("tok_timeout"), key="same")
        assert ended.value.facts == {"order_number": Order.objects.get().number}

    def test_two_baskets_may_use_the_same_key(self):
        shirt = a_stocked_variant()
        one = checkout.buy(a_basket(shirt), a_purchase(), key="1")
        two = checkout.buy(a_basket(shirt), a_purchase(), key="1")
        assert one.order_number != two.order_number


class TestDeclined:
    @pytest.mark.parametrize(
        ("token", "reason"),
        [
            ("tok_declined", "card_declined"),
            ("tok_insufficient_funds", "insufficient_funds"),
            ("tok_expired", "expired_card"),
        ],
    )
    def test_the_reason_is_told_and_nothing_is_charged(self, token, reason):
        shirt = a_stocked_variant(1)
        cart = a_basket(shirt)
        with pytest.raises(PaymentDeclined) as declined:
            checkout.buy(cart, a_purchase(token), key="k")
        assert declined.value.facts["reason"] == reason
        assert declined.value.status == 402
        assert "nothing was charged" in str(declined.value.message)
        assert not charges()
        assert Cart.objects.get(pk=cart.pk).status == Cart.Status.OPEN
        hold = Hold.objects.get()
        assert (hold.holder, hold.kind, hold.quantity) == (cart.holder, "soft", 1)

    def test_a_new_key_pays_the_same_order(self):
        cart = a_basket(a_stocked_variant(1))
        with pytest.raises(PaymentDeclined) as declined:
            checkout.buy(cart, a_purchase("tok_declined"), key="one")
        answer = checkout.buy(cart, a_purchase("tok_visa"), key="two")
        assert answer.order_number == declined.value.facts["order_number"]
        assert Order.objects.get().status == "paid"
        assert [payment.status for payment in Payment.objects.order_by("pk")] == ["declined", "captured"]

    @pytest.mark.parametrize(
        "change",
        [
            {"shipping_method": "express"},
            {"email": "other@home.example"},
            {"gift_message": "Hello"},
            {"shipping_address": ADDRESS | {"line1": "13 Fern Street"}},
        ],
    )
    def test_a_changed_purchase_cancels_the_order_and_opens_another(self, change):
        shirt = a_stocked_variant(1)
        cart = a_basket(shirt)
        with pytest.raises(PaymentDeclined) as declined:
            checkout.buy(cart, a_purchase("tok_declined"), key="one")
        answer = checkout.buy(cart, a_purchase(**change), key="two")
        first = Order.objects.get(number=declined.value.facts["order_number"])
        assert first.status == "cancelled"
        assert answer.order_number != first.number
        assert StockLevel.objects.get(variant=shirt).on_hand == 0

    def test_a_changed_basket_cancels_the_order_and_opens_another(self):
        shirt, hat = a_stocked_variant(3), a_stocked_variant(3)
        cart = a_basket(shirt)
        with pytest.raises(PaymentDeclined):
            checkout.buy(cart, a_purchase("tok_declined"), key="one")
        carts.add_to_cart(cart, sku=hat.sku)
        checkout.buy(cart, a_purchase(), key="two")
        assert sorted(Order.objects.values_list("status", flat=True)) == ["cancelled", "paid"]
        assert not Hold.objects.exists()

    def test_the_same_key_is_declined_again_and_the_pay_button_gets_a_new_one(self):
        cart = a_basket()
        key = checkout.save_draft(cart, email="maya@home.example").attempt_key
        for _ in range(2):
            with pytest.raises(PaymentDeclined):
                checkout.buy(cart, a_purchase("tok_declined"), key=key)
        assert SandboxCharge.objects.count() == 1
        assert Draft.objects.get().attempt_key != key


class TestAnotherAttemptIsOpen:
    def test_a_challenge_left_alone_is_given_up_and_can_never_be_captured(self):
        cart = a_basket()
        waiting = checkout.buy(cart, a_purchase("tok_3ds"), key="one")
        assert waiting.status == "requires_action"
        paid = checkout.buy(cart, a_purchase("tok_visa"), key="two")
        assert (paid.order_number, paid.status) == (waiting.order_number, "paid")
        assert sorted(SandboxCharge.objects.values_list("status", flat=True)) == ["captured", "voided"]

    def test_a_payment_that_went_through_unheard_is_the_answer_to_the_second_try(self):
        cart = a_basket()
        unheard = checkout.buy(cart, a_purchase("tok_timeout"), key="one")
        assert unheard.status == "payment_unknown"
        again = checkout.buy(cart, a_purchase("tok_visa"), key="two")
        assert (again.order_number, again.status) == (unheard.order_number, "paid")
        assert len(charges()) == 1

    def test_one_that_is_being_sent_right_now_is_not_disturbed(self):
        cart = a_basket()
        checkout.place_order(cart.pk, a_purchase(), key="being sent")
        with pytest.raises(PaymentRunning):
            checkout.buy(cart, a_purchase(), key="two")


class TestRefusals:
    def test_a_total_other_than_the_one_shown_is_not_charged(self):
        shirt = a_stocked_variant(price=1800)
        cart = a_basket(shirt)
        seen = queries.quote_of(
            [queries.Piece(line.variant, line.quantity) for line in queries.carts.lines_of(cart)],
            a_purchase().destination,
            "standard",
        )
        Variant.objects.filter(pk=shirt.pk).update(price_minor=1900)
        with pytest.raises(PriceChanged) as changed:
            checkout.buy(cart, a_purchase(expected_total_cents=seen.total.minor), key="k")
        now = changed.value.facts["total_cents"]
        assert now == 1900 + 500 + 169
        assert not Order.objects.exists()
        assert checkout.buy(cart, a_purchase(expected_total_cents=now), key="k").total.minor == now

    def test_a_size_that_went_is_named(self):
        shirt = a_stocked_variant(2)
        cart = a_basket(shirt)
        Hold.objects.update(expires_at="2020-01-01T00:00Z")
        checkout.buy(a_basket(shirt, quantity=2), a_purchase(), key="quicker")
        with pytest.raises(OutOfStock) as gone:
            checkout.buy(cart, a_purchase(), key="k")
        assert gone.value.facts["sku"] == shirt.sku
        assert Order.objects.count() == 1

    def test_an_empty_basket(self):
        with pytest.raises(EmptyCart):
            checkout.buy(carts.open_cart(), a_purchase(), key="k")

    def test_a_piece_that_is_no_longer_sold(self):
        shirt = a_stocked_variant()
        cart = a_basket(shirt)
        Variant.objects.filter(pk=shirt.pk).update(is_active=False)
        with pytest.raises(NotForSale) as refused:
            checkout.buy(cart, a_purchase(), key="k")
        assert refused.value.facts["sku"] == shirt.sku

    def test_a_way_to_send_that_does_not_exist(self):
        with pytest.raises(MethodNotOffered) as refused:
            checkout.buy(a_basket(), a_purchase(shipping_method="pigeon"), key="k")
        assert refused.value.errors[0].field == "shipping_method"

    @pytest.mark.parametrize(
        ("payment", "field"),
        [
            ({"provider": "sandbox", "token": "4242424242424242"}, "payment.token"),
            ({"provider": "bank of nowhere", "token": "tok_visa"}, "payment.provider"),
        ],
    )
    def test_a_payment_nobody_takes(self, payment, field):
        with pytest.raises(UnknownMethod) as refused:
            checkout.buy(a_basket(), a_purchase(payment=payment), key="k")
        assert refused.value.errors[0].field == field
        assert not Order.objects.exists()

    def test_a_code_nobody_gave_out(self):
        with pytest.raises(CodeUnknown) as refused:
            checkout.buy(a_basket(), a_purchase(promo_code="SPRING10"), key="k")
        assert (refused.value.code, refused.value.errors[0].field) == ("pricing.code_unknown", "promo_code")


def test_what_was_added_while_the_bank_was_asking_stays_in_the_basket():
    shirt, hat = a_stocked_variant(5), a_stocked_variant(5)
    cart = a_basket(shirt)
    waiting = checkout.buy(cart, a_purchase("tok_timeout"), key="k")
    carts.add_to_cart(cart, sku=hat.sku)
    carts.add_to_cart(cart, sku=shirt.sku)

    assert checkout.buy(cart, a_purchase("tok_timeout"), key="k").status in ("payment_unknown", "paid")
    payments.reconcile_now()

    order = Order.objects.get(number=waiting.order_number)
    assert order.status == "paid"
    assert list(order.lines.values_list("sku", "quantity")) == [(shirt.sku, 1)]
    assert dict(cart.lines.values_list("variant__sku", "quantity")) == {hat.sku: 1, shirt.sku: 1}
    assert Cart.objects.get(pk=cart.pk).status == Cart.Status.OPEN


@pytest.mark.parametrize(
    ("state", "postal_code", "city"),
    [("AS", "96799", "Pago Pago"), ("GU", "96910", "Hagatna"), ("MP", "96950", "Saipan"), ("VI", "00802", "St Thomas"),
     ("AE", "09012", "APO"), ("PR", "00907", "San Juan")],
)  # fmt: skip
def test_a_parcel_to_the_territories_is_sold_without_tax(state, postal_code, city):
    there = ADDRESS | {"state": state, "postal_code": postal_code, "city": city}
    answer = checkout.buy(a_basket(a_stocked_variant(price=1800)), a_purchase(shipping_address=there), key="k")
    order = Order.objects.get()
    assert (answer.status, order.tax_minor, order.total_minor) == ("paid", 0, 1800 + 500)


def test_the_basket_view_prices_what_is_there_for_the_address_typed_so_far():
    cart = a_basket(a_stocked_variant(price=1000), quantity=2)
    assert queries.basket_view(cart).quote.total is None
    checkout.save_draft(cart, address={"state": "New York", "postal_code": "11201"}, shipping_method="express")
    view = queries.basket_view(cart)
    assert view.quote.total.minor == 2000 + 1500 + 178
    assert (view.count, view.can_be_bought) == (2, True)
    assert queries.basket_view(cart, method="pigeon").quote.method == "standard"


def test_a_draft_keeps_anything_typed_but_no_poison_and_renews_its_key_on_change():
    cart = a_basket()
    draft = checkout.save_draft(cart, email="ma\0ya", address={"line1": "\ud800 " + "x" * 999})
    assert draft.email == "maya"
    assert len(draft.address["line1"]) == 300
    key = draft.attempt_key
    assert checkout.save_draft(cart, email="maya").attempt_key == key
    assert checkout.save_draft(cart, email="maya@home.example").attempt_key != key
