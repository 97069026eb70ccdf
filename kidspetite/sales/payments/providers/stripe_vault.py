"""Cards that Stripe keeps for our customers: Customers, SetupIntents and payment methods."""

from __future__ import annotations

from typing import Any

import stripe

from kidspetite.sales.payments.errors import GatewayUnreachable
from kidspetite.sales.payments.providers import stripe_words as words
from kidspetite.sales.payments.providers.stripe_line import StripeLine, body_of, facts_of, in_our_words, once
from kidspetite.sales.payments.types import HOSTED, PAYER_GONE, CardAnswer, CardWish, Keeping

WITH_CARD = ["payment_method"]
WITH_WISH = ["setup_intent", "setup_intent.payment_method"]


class StripeVault:
    """The CardVault port. A wish's method is a confirmation token of the Payment Element, a payment method, or
    `hosted`: Stripe's own page, for shoppers without JavaScript."""

    code = "stripe"

    def __init__(self, *, secret_key: str, api_base: str, timeout: float = 10.0) -> None:
        self._line = StripeLine(secret_key=secret_key, api_base=api_base, timeout=timeout)
        self._client = self._line.client

    def open_payer(self, customer_id: int, *, email: str, key: str) -> str:
        asked: Any = {"email": email, "metadata": {"customer": str(customer_id)}}
        with in_our_words(key):
            made = self._line.tried(lambda: self._client.customers.create(asked, once(key)))
            return str(facts_of(made)["id"])

    def keep(self, wish: CardWish) -> CardAnswer:
        if wish.method == HOSTED:
            return self._hosted_page(wish)
        name = "confirmation_token" if wish.method.startswith("ctoken_") else "payment_method"
        asked: Any = {
            "customer": wish.payer,
            "confirm": True,
            name: wish.method,
            "allowed_payment_method_types": ["card"],
            "usage": "off_session",
            "return_url": wish.return_url,
            "metadata": {"wish": wish.key},
            "expand": WITH_CARD,
        }
        with in_our_words(wish.key):
            try:
                intent = self._line.tried(lambda: self._client.setup_intents.create(asked, once(wish.key)))
            except stripe.CardError as error:
                return words.answer_of_decline(body_of(error))
            except stripe.InvalidRequestError as error:
                if error.code == "resource_missing" and error.param == "customer":
                    return CardAnswer(Keeping.REFUSED, reason=PAYER_GONE)
                if error.code in ("resource_missing", "setup_intent_unexpected_state") and error.param == name:
                    return CardAnswer(Keeping.REFUSED, reason="token_gone")
                raise
            return words.answer_of(facts_of(intent))

    def answer_to(self, reference: str, *, payer: str) -> CardAnswer:
        with in_our_words(reference):
            if reference.startswith("cs_"):
                pages = self._client.checkout.sessions
                facts = facts_of(self._line.tried(lambda: pages.retrieve(reference, {"expand": WITH_WISH})))
            else:
                intents = self._client.setup_intents
                facts = facts_of(self._line.tried(lambda: intents.retrieve(reference, {"expand": WITH_CARD})))
            if facts.get("customer") != payer:
                raise GatewayUnreachable(wish=reference, why="the reference names another payer's wish")
            return words.answer_of(facts)

    def forget(self, card: str) -> None:
        with in_our_words(card):
            try:
                self._line.tried(lambda: self._client.payment_methods.detach(card, {}, once(f"forget:{card}")))
            except stripe.InvalidRequestError as error:
                if error.http_status not in (400, 404) or error.code not in (None, "resource_missing"):
                    raise  # one that is not attached any more is what was wanted

    def _hosted_page(self, wish: CardWish) -> CardAnswer:
        asked: Any = {
            "mode": "setup",
            "currency": "usd",
            "customer": wish.payer,
            "success_url": wish.return_url,
            "cancel_url": wish.return_url,
            "metadata": {"wish": wish.key},
            "setup_intent_data": {"metadata": {"wish": wish.key}},
        }
        with in_our_words(wish.key):
            page = self._line.tried(lambda: self._client.checkout.sessions.create(asked, once(wish.key)))
            return words.answer_of(facts_of(page))
