"""Customers with saved cards, through the commands of the shop."""

from __future__ import annotations

import secrets

from kidspetite.foundation.accounts.models import User
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.models import SavedCard

BACK = "http://testserver/account/payments/wishes/{wish}"
ANOTHER_CARD = "tok_timeout"


def a_shopper() -> User:
    return User.objects.create_user(f"maya-{secrets.token_hex(4)}@home.example", name="Maya Alvarez")


def a_saved_card(customer: User, method: str = "tok_visa:0830", provider: str = "sandbox") -> SavedCard:
    """A card in the customer's account, kept by the provider."""
    wish = payments.add_card(customer, provider=provider, method=method, way_back=BACK)
    assert wish.card is not None
    return SavedCard.objects.get(name=wish.card.name)


def an_expired_card(customer: User) -> SavedCard:
    """One that was good when it was saved."""
    card = a_saved_card(customer, f"{ANOTHER_CARD}:0830")
    SavedCard.objects.filter(pk=card.pk).update(exp_year=2020)
    card.refresh_from_db()
    return card
