"""Many tabs of one customer change their cards at once: one stands first, and each card is kept once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError

from kidspetite.foundation.accounts.models import User
from kidspetite.sales.payments.models import Payer, SavedCard
from kidspetite.sales.payments.operations import cards
from kidspetite.sales.payments.types import CardFacts
from tests.factories.cards import a_shopper
from tests.harness.crowd import must_go_wrong, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]

CROWD = 8


@pytest.fixture
def payer() -> Payer:
    return Payer.objects.create(customer=a_shopper(), provider="sandbox", reference="payer_1")


def keep(payer: Payer, number: int, card_print: str) -> SavedCard:
    return cards.keep_card(payer, CardFacts(f"card_{number}", "visa", "4242", 8, 2030, card_print))


def add_and_remove_all(payer: Payer) -> None:
    together(CROWD, lambda number: keep(payer, number, f"print-{number}"))
    assert SavedCard.objects.filter(is_default=True).count() == 1
    assert SavedCard.objects.count() == CROWD
    names = list(SavedCard.objects.values_list("name", flat=True))
    customer = User.objects.get(pk=payer.customer_id)
    together(CROWD, lambda number: cards.make_default(customer, names[number]))
    assert SavedCard.objects.filter(is_default=True).count() == 1
    together(CROWD - 1, lambda number: cards.remove_card(customer, names[number]))
    assert [card.is_default for card in SavedCard.objects.all()] == [True]


def keep_the_same(payer: Payer) -> None:
    together(CROWD, lambda number: keep(payer, number, "the-same"))
    assert SavedCard.objects.count() == 1


def test_one_stands_first_whatever_many_tabs_do(payer: Payer):
    add_and_remove_all(payer)


def test_the_same_card_from_many_tabs_is_kept_once(payer: Payer):
    keep_the_same(payer)


@pytest.mark.parametrize("act", [add_and_remove_all, keep_the_same])
def test_without_locks_it_would_go_wrong(payer: Payer, monkeypatch: pytest.MonkeyPatch, act: Callable[[Payer], None]):
    monkeypatch.setattr(cards, "_lock_payers", lambda customer_id: None)

    def breaks(_: int) -> bool:
        SavedCard.objects.all().delete()
        try:
            act(payer)
        except (AssertionError, DatabaseError):
            return True
        return False

    must_go_wrong(breaks)
