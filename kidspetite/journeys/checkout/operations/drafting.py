from __future__ import annotations

from typing import Any

from django.db import transaction

from kidspetite.foundation.kernel import clock, ids
from kidspetite.journeys.checkout.models import Draft
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.cart.rules import KEPT

UNSET: Any = object()
TYPED = ("email", "address", "shipping_method", "gift_message", "gift_receipt", "wants_news", "wants_texts")
LONGEST = {"email": 254, "shipping_method": 30, "gift_message": 300}


@transaction.atomic
def save_draft(
    cart: Cart,
    *,
    email: str = UNSET,
    address: dict[str, Any] = UNSET,
    shipping_method: str = UNSET,
    gift_message: str = UNSET,
    gift_receipt: bool = UNSET,
    wants_news: bool = UNSET,
    wants_texts: bool = UNSET,
    payment: dict[str, Any] = UNSET,
) -> Draft:
    """Keep what was typed; fields that are not given stay. A change makes a new attempt key, so that the pay button
    of an older page cannot repeat an older purchase. Takes anything typed, right or wrong; keeps no card number.
    """
    draft, _ = Draft.objects.select_for_update().get_or_create(cart=cart)
    told = {
        "email": email,
        "address": address,
        "shipping_method": shipping_method,
        "gift_message": gift_message,
        "gift_receipt": gift_receipt,
        "wants_news": wants_news,
        "wants_texts": wants_texts,
        "payment": payment,
    }
    changed = {name: _kept(name, value) for name, value in told.items() if value is not UNSET}
    changed = {name: value for name, value in changed.items() if getattr(draft, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(draft, name, value)
        draft.attempt_key, draft.updated_at = ids.token(), clock.now()
        draft.save()
    return draft


@transaction.atomic
def join_drafts(into: Cart, from_cart: Cart) -> None:
    """Two baskets have become one, as when a guest signs in: what was typed last stands, and what it leaves open is
    taken from what was typed before. A chosen payment is not: it was meant for another purchase. Locks both drafts;
    expects both baskets locked."""
    both = Draft.objects.select_for_update().filter(cart__in=(into, from_cart)).order_by("pk")
    drafts = {draft.cart_id: draft for draft in both}
    theirs = drafts.get(from_cart.pk)
    if theirs is None:
        return
    older, newer = sorted(
        (drafts.get(into.pk, Draft(updated_at=theirs.updated_at)), theirs), key=lambda draft: draft.updated_at
    )
    typed = {name: getattr(newer, name) or getattr(older, name) for name in TYPED}
    theirs.delete()
    Draft.objects.update_or_create(
        cart=into,
        defaults={**typed, "payment": newer.payment, "attempt_key": ids.token(), "updated_at": newer.updated_at},
    )


def spend_credit(cart: Cart) -> None:
    """Use store credit for this purchase, as far as it goes."""
    _choose(cart, keeps_credit=False)


def keep_credit(cart: Cart) -> None:
    """Leave store credit for another time."""
    _choose(cart, keeps_credit=True)


def renew_attempt(cart_id: int) -> None:
    """The last attempt has its answer; the pay button is a new one."""
    Draft.objects.filter(cart_id=cart_id).update(attempt_key=ids.token())


def forget_idle_drafts() -> int:
    """Forget what was typed so long ago that the basket itself is not found any more; gives how many."""
    return Draft.objects.filter(updated_at__lte=clock.now() - KEPT).delete()[0]


def forget_draft(cart_id: int) -> None:
    """The basket was bought: what was typed lives on in its order."""
    Draft.objects.filter(cart_id=cart_id).delete()


def _choose(cart: Cart, **chosen: bool) -> None:
    """A choice makes a new attempt key too, as what was typed does."""
    renewed = {"attempt_key": ids.token(), "updated_at": clock.now()}
    Draft.objects.update_or_create(cart=cart, defaults=chosen | renewed)


def _kept(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return {str(key)[:40]: _clean(text)[:300] for key, text in value.items()}
    return _clean(value)[: LONGEST[name]]


def _clean(value: Any) -> str:
    """PostgreSQL keeps no NUL, and UTF-8 no half of a letter."""
    text = str("" if value is None else value).replace("\0", "")
    return text.encode("utf-8", "ignore").decode()
