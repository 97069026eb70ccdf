"""Which card a shopper pays with: one that is saved, or one that was typed, as the gateway's token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kidspetite.faces.storefront.cards import label_of, sandbox_token
from kidspetite.foundation.kernel.errors import FieldError, Invalid
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments import queries
from kidspetite.sales.payments.errors import UnknownMethod
from kidspetite.sales.payments.queries import cards as saved
from kidspetite.sales.payments.types import HOSTED, SavedCardView

ANOTHER = "another"
YES = "yes"
CARD_FIELDS = ("card_number", "card_expiry", "card_code")


@dataclass(frozen=True)
class CardChoice:
    """A way to pay as the draft keeps it. `keep` is "yes" when the shopper ticked to save the card."""

    provider: str
    token: str
    label: str
    keep: str = ""

    def as_dict(self) -> dict[str, str]:
        return {"provider": self.provider, "token": self.token, "label": self.label, "keep": self.keep}


def gateway() -> str:
    """Who takes cards and wallets here: Stripe where it is on, else the sandbox; empty where neither is."""
    return next((code for code in queries.providers() if saved.keeps_cards(code)), "")


def cards_of(request: HttpRequest) -> list[SavedCardView]:
    """The saved cards that this visitor may pay with; guests have none."""
    if not request.user.is_authenticated:
        return []
    return saved.saved_cards_for(request.user.pk, provider=gateway())


def preselected(cards: Sequence[SavedCardView], token: str) -> str:
    """The card that is ticked when the step opens: the one chosen before, else the default; never an expired one."""
    good = [card for card in cards if not card.is_expired]
    if token:
        return next((card.name for card in good if card.token == token), ANOTHER)
    return next((card.name for card in good if card.is_default), good[0].name if good else ANOTHER)


def read_card(request: HttpRequest, cards: Sequence[SavedCardView]) -> CardChoice:
    """What the shopper chose. Raises Invalid with the fields that need another look; keeps nothing."""
    name = request.POST.get("card", ANOTHER)
    if name != ANOTHER:
        return _saved(name, cards)
    keep = YES if request.user.is_authenticated and request.POST.get("keep_card") else ""
    code = gateway()
    if code == "sandbox":
        token = sandbox_token(*(request.POST.get(field, "") for field in CARD_FIELDS))
        return CardChoice(code, token, label_of(token), keep)
    return _typed(code, request.POST.get("token", ""), request.POST.get("label", "")[:60], keep)


def read_wallet(request: HttpRequest) -> CardChoice:
    """What a wallet gave. Raises Invalid; keeps nothing."""
    label = request.POST.get("label", "")[:60] or _("Wallet")
    return _typed(gateway(), request.POST.get("token", ""), label, "")


def _saved(name: str, cards: Sequence[SavedCardView]) -> CardChoice:
    found = next((card for card in cards if card.name == name), None)
    if found is None:
        raise Invalid(errors=(FieldError("card", _("This card is not in your account. Choose another.")),))
    if found.is_expired:
        raise Invalid(errors=(FieldError("card", _("This card has expired. Choose another.")),))
    return CardChoice(found.provider, found.token, found.label)


def _typed(provider: str, token: str, label: str, keep: str) -> CardChoice:
    try:
        payments.check_method(provider, token)
    except UnknownMethod as error:
        words = _("The card did not come through; nothing was charged. Type it once more.")
        raise Invalid(errors=(FieldError("token", words),)) from error
    return CardChoice(provider, token, label or (_("A card, on Stripe’s page") if token == HOSTED else ""), keep)
