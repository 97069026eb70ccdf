"""Cards for next time. The provider keeps them; we keep its names for them, once each, and one default."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.db import transaction

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock, ids
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.errors import (
    CardRefused,
    CardsUnavailable,
    GatewayRefused,
    GatewayUnreachable,
    NoSuchCard,
    UnknownMethod,
)
from kidspetite.sales.payments.events import CardDropped
from kidspetite.sales.payments.models import CardAttempt, Payer, SavedCard
from kidspetite.sales.payments.operations.guarding import check_pace
from kidspetite.sales.payments.operations.lines import PATIENCE_OF_A_JOB, PATIENCE_OF_A_SHOPPER, a_line
from kidspetite.sales.payments.queries import is_accepted
from kidspetite.sales.payments.queries.cards import keeps_cards, vault_of, view_of, wish_view
from kidspetite.sales.payments.types import (
    PAYER_GONE,
    CardAnswer,
    CardFacts,
    CardWish,
    Keeping,
    SavedCardView,
    WishView,
)

log = structlog.get_logger(__name__)

GATEWAY_REFUSED = "gateway_refused"


def add_card(customer: User, *, provider: str, method: str, way_back: str, traces: Sequence[str] = ()) -> WishView:
    """Have the provider keep a card. Calls it: never inside a transaction. `way_back` is the address that the shopper's
    bank sends them to; `{wish}` in it becomes the wish's name.

    Raises UnknownMethod, TooManyDeclines, CardRefused, and CardsUnavailable when the provider cannot be asked. Without
    an answer the wish stays open, and a job finds out. The same card again is kept once.
    """
    if not keeps_cards(provider):
        raise UnknownMethod("provider")
    if not is_accepted(provider, method):
        raise UnknownMethod("token")
    check_pace(traces)
    with a_line(PATIENCE_OF_A_SHOPPER) as is_free:
        if not is_free:
            raise CardsUnavailable()
        try:
            payer = payer_of(customer, provider)
        except (GatewayUnreachable, GatewayRefused) as error:
            log.warning("payer_not_opened", provider=provider, error=error.code)
            raise CardsUnavailable() from error
        attempt = _wish(payer, method, way_back, traces)
        answer = _answer(attempt)
    if answer.reason == PAYER_GONE:
        drop_payer(payer)
        raise CardsUnavailable()
    return _said(record_answer(attempt.pk, answer))


def finish_card(customer: User, name: str) -> WishView:
    """The shopper is back from their bank: ask what it said. Without an answer the wish stays as it is. Raises
    NoSuchCard for a wish that is not this customer's, CardRefused."""
    attempt = CardAttempt.objects.filter(customer=customer, name=name).select_related("payer").first()
    if attempt is None:
        raise NoSuchCard()
    if attempt.status in rules.OPEN_WISHES:
        settle_card(attempt.pk, patience=PATIENCE_OF_A_SHOPPER)
    return _said(attempt.pk)


def settle_card(attempt_id: int, *, patience: float = PATIENCE_OF_A_JOB) -> Keeping:
    """Ask the provider about a wish without an answer; one whose answer was lost is sent once more under its key."""
    attempt = CardAttempt.objects.select_related("payer").get(pk=attempt_id)
    if attempt.status in rules.OPEN_WISHES:
        with a_line(patience) as is_free:
            if not is_free:
                return Keeping(attempt.status)
            answer = _answer(attempt)
        record_answer(attempt_id, answer)
        attempt.refresh_from_db()
    return Keeping(attempt.status)


@transaction.atomic
def record_answer(attempt_id: int, answer: CardAnswer) -> int:
    """Write down what the provider said to a wish; a kept card enters the customer's list. Late and repeated news
    change nothing. Locks the wish, then the payers; gives the wish's id."""
    attempt = CardAttempt.objects.select_for_update(of=("self",)).select_related("payer").get(pk=attempt_id)
    if attempt.status not in rules.OPEN_WISHES:
        return attempt_id
    attempt.status = answer.result.value
    attempt.reference = answer.reference or attempt.reference
    attempt.reason = answer.reason[:60]
    attempt.next_action_url = answer.next_action_url or attempt.next_action_url
    attempt.card_print = answer.card_print
    if answer.card:
        attempt.card = keep_card(attempt.payer, answer.card)
        attempt.card_print = answer.card.card_print
    attempt.save(update_fields=["status", "reference", "reason", "next_action_url", "card", "card_print"])
    return attempt_id


@transaction.atomic
def keep_card(payer: Payer, card: CardFacts) -> SavedCard:
    """Enter a card that the provider keeps. The same card under another id takes its twin's place, with its new expiry;
    the older id is forgotten at the provider. The first one becomes the default. Locks the payers of the customer."""
    _lock_payers(payer.customer_id)
    told = {"brand": card.brand[:30], "last4": card.last4[:4], "exp_month": card.exp_month, "exp_year": card.exp_year}
    mine = SavedCard.objects.filter(payer=payer)
    known = mine.filter(reference=card.reference).first() or (
        mine.filter(card_print=card.card_print).first() if card.card_print else None
    )
    if known is None:
        is_first = not SavedCard.objects.filter(customer_id=payer.customer_id, is_default=True).exists()
        return SavedCard.objects.create(
            customer_id=payer.customer_id, payer=payer, reference=card.reference, card_print=card.card_print,
            is_default=is_first, added_at=clock.now(), **told,
        )  # fmt: skip
    if known.reference != card.reference:
        publish(CardDropped(payer.provider, known.reference))
        known.reference = card.reference
    for name, value in told.items():
        setattr(known, name, value)
    known.save(update_fields=["reference", *told])
    return known


@transaction.atomic
def make_default(customer: User, name: str) -> SavedCardView:
    """Choose which card stands first at checkout. Raises NoSuchCard. Locks the customer's payers."""
    _lock_payers(customer.pk)
    chosen = _own_card(customer, name)
    SavedCard.objects.filter(customer=customer, is_default=True).exclude(pk=chosen.pk).update(is_default=False)
    SavedCard.objects.filter(pk=chosen.pk).update(is_default=True)
    chosen.is_default = True
    return view_of(chosen)


@transaction.atomic
def remove_card(customer: User, name: str) -> None:
    """Take a card out of the customer's list, and have the provider forget it, by a job. The newest of the others
    becomes the default when it was that. Raises NoSuchCard. Locks the customer's payers."""
    _lock_payers(customer.pk)
    card = _own_card(customer, name)
    _drop(card)


@transaction.atomic
def drop_gone(payer: Payer, *, reference: str) -> None:
    """The provider keeps this card no more, whoever took it away there. Locks the customer's payers."""
    _lock_payers(payer.customer_id)
    for card in SavedCard.objects.filter(payer=payer, reference=reference):
        _drop(card)


@transaction.atomic
def drop_payer(payer: Payer) -> None:
    """The provider knows this customer no more: their cards there are gone, and the next one begins anew."""
    _lock_payers(payer.customer_id)
    Payer.objects.filter(pk=payer.pk).delete()
    _see_to_a_default(payer.customer_id)


def forget_card(provider: str, reference: str) -> None:
    """Tell the provider to keep a card no longer. Calls it; twice is harmless. One that is off is not told."""
    if not keeps_cards(provider):
        return
    with a_line(PATIENCE_OF_A_JOB) as is_free:
        if not is_free:
            raise GatewayUnreachable(card=reference)
        vault_of(provider).forget(reference)


def payer_of(customer: User, provider: str) -> Payer:
    """The customer as the provider knows them, made known now if they are new there. Calls the provider then."""
    known = Payer.objects.filter(customer=customer, provider=provider).first()
    if known:
        return known
    key = f"payer:{customer.pk}:{ids.token()}"
    reference = vault_of(provider).open_payer(customer.pk, email=customer.email, key=key)
    made, _is_new = Payer.objects.get_or_create(
        customer=customer, provider=provider, defaults={"reference": reference, "created_at": clock.now()}
    )
    return made


def _wish(payer: Payer, method: str, way_back: str, traces: Sequence[str]) -> CardAttempt:
    name = ids.token()
    return CardAttempt.objects.create(
        customer_id=payer.customer_id, payer=payer, name=name, key=f"card:{ids.token()}", method=method,
        return_url=way_back.replace("{wish}", name), traces=list(traces), created_at=clock.now(),
    )  # fmt: skip


def _answer(attempt: CardAttempt) -> CardAnswer:
    """What the provider says to a wish; one whose answer was lost is sent once more under its key."""
    vault, payer = vault_of(attempt.payer.provider), attempt.payer.reference
    try:
        if attempt.reference:
            return vault.answer_to(attempt.reference, payer=payer)
        return vault.keep(CardWish(attempt.key, payer, attempt.method, attempt.return_url))
    except GatewayUnreachable:
        log.warning("card_unanswered", provider=attempt.payer.provider, wish=attempt.pk)
        return CardAnswer(Keeping(attempt.status) if attempt.reference else Keeping.UNKNOWN)
    except GatewayRefused:
        log.exception("card_not_taken", provider=attempt.payer.provider, wish=attempt.pk)
        return CardAnswer(Keeping.REFUSED, reason=GATEWAY_REFUSED)


def _said(attempt_id: int) -> WishView:
    told = wish_view(CardAttempt.objects.select_related("card__payer").get(pk=attempt_id))
    if told.status == Keeping.REFUSED:
        raise CardsUnavailable() if told.reason == GATEWAY_REFUSED else CardRefused(reason=told.reason)
    return told


def _drop(card: SavedCard) -> None:
    publish(CardDropped(card.payer.provider, card.reference))
    card.delete()
    _see_to_a_default(card.customer_id)


def _see_to_a_default(customer_id: int) -> None:
    cards = SavedCard.objects.filter(customer_id=customer_id)
    if not cards.filter(is_default=True).exists():
        newest = cards.order_by("-added_at", "-pk").values("pk")[:1]
        cards.filter(pk__in=newest).update(is_default=True)


def _own_card(customer: User, name: str) -> SavedCard:
    card = SavedCard.objects.filter(customer=customer, name=name).select_related("payer").first()
    if card is None:
        raise NoSuchCard()
    return card


def _lock_payers(customer_id: int) -> None:
    """Who changes one card of a customer may have to change another: they come one after the other."""
    list(Payer.objects.select_for_update().filter(customer_id=customer_id).order_by("pk").values_list("pk"))
