"""Cards for next time: kept once each, one of them first, nobody else's, and gone when they are taken out."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout.errors import PurchaseInvalid
from kidspetite.journeys.checkout.rules import validate_purchase
from kidspetite.journeys.checkout.types import Purchase
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import (
    CardRefused,
    CardsUnavailable,
    NoSuchCard,
    PaymentDeclined,
    TooManyDeclines,
    UnknownMethod,
)
from kidspetite.sales.payments.models import CardAttempt, Payer, Payment, SandboxCard, SavedCard
from kidspetite.sales.payments.operations import cards as commands
from kidspetite.sales.payments.queries.cards import saved_cards_for, wish_for
from kidspetite.sales.payments.types import Decision
from tests.factories.cards import ANOTHER_CARD, BACK, a_saved_card, a_shopper, an_expired_card
from tests.factories.checkout import a_basket, a_selling_shop, told
from tests.fakes.stripe_server import FakeStripe

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya() -> User:
    return a_shopper()


def add(customer: User, method: str, provider: str = "sandbox", **more: Any) -> Any:
    return payments.add_card(customer, provider=provider, method=method, way_back=BACK, **more)


def purchase(customer: User | None, token: str, provider: str = "sandbox", *, save: bool = False) -> Purchase:
    payment = {"provider": provider, "token": token, "save": save}
    return validate_purchase(told(payment=payment), customer_id=customer.pk if customer else None)


def buy(wanted: Purchase) -> Order:
    a_selling_shop()
    bought = checkout.buy(a_basket(), wanted, key=secrets.token_hex(8))
    return Order.objects.get(number=bought.order_number)


class TestAdding:
    def test_what_is_kept_is_the_providers_name_and_four_digits(self, maya: User):
        card = a_saved_card(maya)
        assert (card.brand, card.last4, card.exp_month, card.exp_year) == ("visa", "4242", 8, 2030)
        assert card.is_default, "the first stands first"
        columns = [str(value) for row in SavedCard.objects.values_list() for value in row]
        assert not any("424242" in value for value in columns)

    def test_the_same_card_twice_is_one_card_with_its_newer_expiry(self, maya: User, run_waiting_jobs):
        first, second = a_saved_card(maya), a_saved_card(maya, "tok_visa:0931")
        assert (first.pk, first.name) == (second.pk, second.name)
        assert (second.exp_month, second.exp_year) == (9, 2031)
        assert first.reference != second.reference
        run_waiting_jobs()
        kept = SandboxCard.objects.filter(status="kept")
        assert [row.reference for row in kept] == [second.reference], "the older one is forgotten at the bank"

    def test_another_customers_same_card_is_another_card(self, maya: User):
        other = a_shopper()
        assert a_saved_card(maya).pk != a_saved_card(other).pk

    def test_a_refused_card_is_not_kept_and_says_why(self, maya: User):
        with pytest.raises(CardRefused) as refused:
            add(maya, "tok_insufficient_funds")
        assert refused.value.facts["reason"] == "insufficient_funds"
        assert not SavedCard.objects.exists()

    @pytest.mark.parametrize("method", ["", "4242424242424242", "saved_x", "card_1", "pm_card_visa"])
    def test_what_is_no_token_is_refused(self, maya: User, method: str):
        with pytest.raises(UnknownMethod):
            add(maya, method)
        with pytest.raises(UnknownMethod):
            add(maya, "tok_visa", provider="paypal")

    @pytest.mark.parametrize(("decision", "kept"), [(Decision.APPROVE, 1), (Decision.REFUSE, 0)])
    def test_a_bank_that_asks_is_answered_first(self, maya: User, decision: Decision, kept: int):
        wish = add(maya, "tok_3ds:0830")
        assert wish.status == "requires_action"
        assert "/sandbox/3ds/card_" in wish.next_action_url
        assert not SavedCard.objects.exists()
        back = payments.decide(wish.next_action_url.rpartition("/")[2], decision)
        assert back.endswith(f"/wishes/{wish.name}")
        if kept:
            assert payments.finish_card(maya, wish.name).card is not None
        else:
            with pytest.raises(CardRefused):
                payments.finish_card(maya, wish.name)
        assert SavedCard.objects.count() == kept

    def test_somebody_elses_wish_is_not_found(self, maya: User):
        wish = add(maya, "tok_3ds")
        with pytest.raises(NoSuchCard):
            payments.finish_card(a_shopper(), wish.name)
        assert wish_for(a_shopper().pk, wish.name) is None

    def test_trying_out_cards_makes_wait_like_paying_with_them(self, maya: User, settings: Any):
        settings.RATE_LIMITS_ON = True
        for _ in range(5):
            with pytest.raises(CardRefused):
                add(maya, "tok_declined", traces=["session:thief"])
        with pytest.raises(TooManyDeclines):
            add(maya, "tok_visa", traces=["session:thief"])
        with pytest.raises(TooManyDeclines):
            payments.check_pace(["session:thief"])
        payments.check_pace(["session:somebody else"])


class TestOneStandsFirst:
    def test_putting_one_first_moves_the_mark(self, maya: User):
        first, second = a_saved_card(maya), a_saved_card(maya, ANOTHER_CARD)
        payments.make_default(maya, second.name)
        assert [card.name for card in saved_cards_for(maya.pk)] == [second.name, first.name]
        assert [card.is_default for card in saved_cards_for(maya.pk)] == [True, False]

    def test_the_database_holds_it(self, maya: User):
        a_saved_card(maya)
        second = a_saved_card(maya, ANOTHER_CARD)
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedCard.objects.filter(pk=second.pk).update(is_default=True)

    def test_when_it_goes_the_newest_of_the_others_follows(self, maya: User):
        cards = [a_saved_card(maya, method) for method in ("tok_visa", ANOTHER_CARD, "tok_late_webhook")]
        payments.remove_card(maya, cards[0].name)
        assert [card.is_default for card in saved_cards_for(maya.pk)] == [True, False]
        assert saved_cards_for(maya.pk)[0].name == cards[2].name


class TestTakingOut:
    def test_the_row_goes_at_once_and_the_bank_forgets(self, maya: User, run_waiting_jobs):
        card = a_saved_card(maya)
        payments.remove_card(maya, card.name)
        assert saved_cards_for(maya.pk) == []
        run_waiting_jobs()
        assert SandboxCard.objects.get(reference=card.reference).status == "forgotten"

    def test_nobody_else_can_do_it(self, maya: User):
        card, thief = a_saved_card(maya), a_shopper()
        for act in (payments.remove_card, payments.make_default):
            with pytest.raises(NoSuchCard):
                act(thief, card.name)
        assert SavedCard.objects.filter(pk=card.pk).exists()


class TestPaying:
    def test_a_saved_card_pays(self, maya: User):
        card = a_saved_card(maya)
        order = buy(purchase(maya, f"saved_{card.name}"))
        payment = Payment.objects.get(order=order)
        assert (order.status, payment.method, payment.payer_id) == ("paid", card.reference, card.payer_id)

    @pytest.mark.parametrize("who", ["another customer", "a guest"])
    def test_nobody_elses_card_pays(self, maya: User, who: str):
        card, thief = a_saved_card(maya), a_shopper()
        with pytest.raises(UnknownMethod):
            buy(purchase(thief if who == "another customer" else None, f"saved_{card.name}"))
        with pytest.raises(UnknownMethod):
            buy(purchase(thief, card.reference))
        assert not Order.objects.exists()

    def test_ticked_the_card_is_there_next_time(self, maya: User):
        buy(purchase(maya, "tok_visa:0830", save=True))
        (card,) = saved_cards_for(maya.pk)
        assert (card.label, card.is_default, card.exp_year) == ("Visa ending 4242", True, 2030)
        assert buy(purchase(maya, card.token)).status == "paid"

    def test_unticked_nothing_is_kept_and_nobody_is_opened_at_the_bank(self, maya: User):
        buy(purchase(maya, "tok_visa"))
        assert not SavedCard.objects.exists()
        assert not Payer.objects.exists()

    def test_a_guest_can_not_tick(self):
        with pytest.raises(PurchaseInvalid) as refused:
            purchase(None, "tok_visa", save=True)
        assert [fault.field for fault in refused.value.errors] == ["payment.save"]

    def test_a_declined_card_is_not_kept(self, maya: User):
        with pytest.raises(PaymentDeclined):
            buy(purchase(maya, "tok_declined", save=True))
        assert not SavedCard.objects.exists()

    def test_a_card_whose_bank_asks_is_kept_once_it_has_paid(self, maya: User, run_waiting_jobs):
        order = buy(purchase(maya, "tok_3ds:0830", save=True))
        assert not SavedCard.objects.exists()
        payments.decide(Payment.objects.get(order=order).reference, Decision.APPROVE)
        payments.ask_about_order(order.pk)
        assert SavedCard.objects.get(customer=maya).last4 == "3184"

    def test_a_card_that_the_bank_keeps_no_more_leaves_the_list(self, maya: User):
        card = a_saved_card(maya)
        SandboxCard.objects.update(status="forgotten")
        with pytest.raises(PaymentDeclined) as declined:
            buy(purchase(maya, f"saved_{card.name}"))
        assert "kept no more" in str(declined.value)
        assert not SavedCard.objects.exists()

    def test_an_expired_card_is_told_so(self, maya: User):
        an_expired_card(maya)
        (card,) = saved_cards_for(maya.pk)
        assert card.is_expired


class TestWithStripe:
    def test_the_customer_is_opened_once_and_named_in_every_charge(self, maya: User, stripe: FakeStripe):
        for _ in range(2):
            buy(purchase(maya, "ctoken_card_visa", "stripe", save=True))
        vault = stripe.ledger.vault
        assert len(vault.customers) == 1
        assert SavedCard.objects.count() == 1
        (card,) = saved_cards_for(maya.pk)
        assert buy(purchase(maya, card.token, "stripe")).status == "paid"
        assert {intent["customer"] for intent in stripe.ledger.intents.values()} == set(vault.customers)

    def test_only_the_newest_twin_stays_at_stripe(self, maya: User, stripe: FakeStripe, run_waiting_jobs):
        for _ in range(2):
            buy(purchase(maya, "ctoken_card_visa", "stripe", save=True))
        run_waiting_jobs()
        (customer,) = stripe.ledger.vault.customers
        assert stripe.ledger.vault.cards_of(customer) == [SavedCard.objects.get().reference]

    def test_no_answer_leaves_the_wish_open_and_a_job_finds_the_card(self, maya: User, stripe: FakeStripe):
        stripe.turn("lost", "/v1/setup_intents", method="POST")
        assert add(maya, "ctoken_card_visa", "stripe").status == "unknown"
        assert not SavedCard.objects.exists()
        payments.reconcile_now()
        assert SavedCard.objects.get().customer == maya
        assert len(stripe.ledger.vault.wishes) == 1

    def test_a_wish_that_nobody_waits_for_is_left(self, maya: User, stripe: FakeStripe):
        add(maya, "ctoken_card_authenticationRequired", "stripe")
        CardAttempt.objects.update(created_at=clock.now() - timedelta(days=2))
        asked = len(stripe.calls)
        payments.reconcile_now()
        assert not [path for _, path in stripe.calls[asked:] if path.startswith("/v1/setup_intents")]

    def test_a_provider_that_is_down_says_so_and_nothing_is_kept(self, maya: User, stripe: FakeStripe):
        stripe.turn("503", "/v1/customers", times=9)
        with pytest.raises(CardsUnavailable):
            add(maya, "ctoken_card_visa", "stripe")
        assert not CardAttempt.objects.exists()

    def test_a_purchase_waits_where_the_customer_can_not_be_opened(self, maya: User, stripe: FakeStripe):
        stripe.turn("503", "/v1/customers", times=9)
        order = buy(purchase(maya, "ctoken_card_visa", "stripe", save=True))
        assert order.status == "payment_unknown"
        assert not stripe.ledger.intents
        stripe.moods.clear()
        payments.reconcile_now()
        order.refresh_from_db()
        assert (order.status, SavedCard.objects.count()) == ("paid", 1)

    def test_a_customer_deleted_at_stripe_is_forgotten_here_and_opened_anew(self, maya: User, stripe: FakeStripe):
        card = a_saved_card(maya, "ctoken_card_visa", "stripe")
        stripe.ledger.vault.lose_customer(card.payer.reference)
        with pytest.raises(PaymentDeclined):
            buy(purchase(maya, f"saved_{card.name}", "stripe"))
        assert not SavedCard.objects.exists()
        assert not Payer.objects.exists()
        assert a_saved_card(maya, "ctoken_card_visa", "stripe").customer == maya

    def test_a_customer_deleted_while_a_card_is_added_is_opened_anew_at_the_next_try(
        self, maya: User, stripe: FakeStripe
    ):
        card = a_saved_card(maya, "ctoken_card_visa", "stripe")
        stripe.ledger.vault.lose_customer(card.payer.reference)
        with pytest.raises(CardsUnavailable):
            add(maya, "ctoken_card_visa", "stripe")
        assert a_saved_card(maya, "ctoken_card_visa", "stripe").payer.reference != card.payer.reference

    def test_stripes_own_page_takes_the_card_without_script(self, maya: User, stripe: FakeStripe):
        wish = add(maya, "hosted", "stripe")
        assert wish.next_action_url.startswith(f"{stripe.url}/pay/cs_")
        stripe.ledger.vault.fill_page(wish.next_action_url.rpartition("/")[2], "mastercard")
        assert payments.finish_card(maya, wish.name).card is not None
        assert saved_cards_for(maya.pk)[0].label == "Mastercard ending 4444"

    def test_a_deleted_card_is_detached_at_stripe(self, maya: User, stripe: FakeStripe, run_waiting_jobs):
        card = a_saved_card(maya, "ctoken_card_visa", "stripe")
        payments.remove_card(maya, card.name)
        run_waiting_jobs()
        assert stripe.ledger.vault.cards_of(card.payer.reference) == []


def test_late_news_of_a_wish_changes_nothing(maya: User):
    a_saved_card(maya)
    attempt = CardAttempt.objects.get()
    commands.record_answer(attempt.pk, commands.CardAnswer(commands.Keeping.REFUSED, reason="card_declined"))
    attempt.refresh_from_db()
    assert attempt.status == "kept"
