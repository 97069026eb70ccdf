"""The sandbox's cards: well-known test numbers, and the token each stands for. No real card is ever typed here."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import FieldError, Invalid
from kidspetite.sales.payments.rules import is_expired

SANDBOX_CARDS = {
    "4242424242424242": ("tok_visa", gettext_lazy("is paid")),
    "4000000000000002": ("tok_declined", gettext_lazy("is declined")),
    "4000000000009995": ("tok_insufficient_funds", gettext_lazy("has too little money")),
    "4000000000000069": ("tok_expired", gettext_lazy("has expired")),
    "4000002760003184": ("tok_3ds", gettext_lazy("asks the bank’s question")),
    "4000000000000119": ("tok_timeout", gettext_lazy("gives no answer in time")),
    "4000000000007726": ("tok_late_webhook", gettext_lazy("answers later, by webhook")),
    "4000000000000341": ("tok_late_decline", gettext_lazy("is declined later, by webhook")),
}
EXPIRY = re.compile(r"(0?[1-9]|1[0-2])\s*/?\s*(?:20)?(\d{2})")


def sandbox_token(number: str, expiry: str, code: str) -> str:
    """The token for what was typed, with the month and year it is good until. Raises Invalid with the fields that need
    another look; keeps nothing."""
    digits, faults = re.sub(r"[\s-]", "", number), []
    if not digits:
        faults.append(FieldError("card_number", _("The number on the front of the card, please.")))
    elif digits not in SANDBOX_CARDS:
        faults.append(
            FieldError("card_number", _("This shop runs on a sandbox; it knows the test cards below and no other."))
        )
    until = EXPIRY.fullmatch(expiry.strip())
    if until is None:
        faults.append(FieldError("card_expiry", _("Month and year, such as 08/28.")))
    elif is_expired(int(until[1]), 2000 + int(until[2]), today=clock.now().date()):
        faults.append(FieldError("card_expiry", _("That date has passed. Try a card that is still good.")))
    if not re.fullmatch(r"\d{3,4}", code.strip()):
        faults.append(FieldError("card_code", _("Three digits on the back, four on some cards.")))
    if faults or until is None:
        raise Invalid(errors=tuple(faults))
    return f"{SANDBOX_CARDS[digits][0]}:{int(until[1]):02}{until[2]}"


def label_of(token: str) -> str:
    """How a chosen test card is called on the next page."""
    token = token.partition(":")[0]
    number = next((number for number, (known, _words) in SANDBOX_CARDS.items() if known == token), "")
    return _("Test card ending %(last)s") % {"last": number[-4:]} if number else token
