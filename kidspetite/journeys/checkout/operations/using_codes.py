"""Promotion codes in a basket: typed in any form, kept as they were given out."""

from __future__ import annotations

import dataclasses

from kidspetite.goods.pricing.errors import CodeUnknown
from kidspetite.goods.pricing.rules.codes import code_key
from kidspetite.goods.pricing.types import QUIET, Quote, Verdict
from kidspetite.journeys.checkout.operations.drafting import renew_attempt
from kidspetite.journeys.checkout.queries import Piece, buyer_of, destination_of, draft_of, quote_of
from kidspetite.journeys.checkout.types import Buyer
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as cart_queries
from kidspetite.sales.cart.models import Cart


def use_code(cart: Cart, typed: str) -> Verdict:
    """Put a code into the basket, and tell what it does there. One that has to wait for something the shopper can
    change (a sum, a piece) is kept. Twice is harmless.

    Raises CodeUnknown for a code that is unknown, over, used up or somebody else's, TooManyCodes, NoSuchCart.
    """
    price = _quoted(cart, typed)
    verdict = _verdict(price, typed)
    told = {one.code for one in price.verdicts if one.code and one.reason not in QUIET}
    kept = [code for code in cart.promo_codes if code in told]  # those that work no more make room
    if verdict.code not in kept:
        kept.append(verdict.code)
    if kept != cart.promo_codes:
        carts.keep_codes(cart, kept)
        renew_attempt(cart.pk)
    return verdict


def drop_codes(cart: Cart, typed: str = "") -> None:
    """Take a code off, or all of them. One that is not there is off already. Raises NoSuchCart."""
    kept = [code for code in cart.promo_codes if typed and code_key(code) != code_key(typed)]
    if kept != cart.promo_codes:
        carts.keep_codes(cart, kept)
        renew_attempt(cart.pk)


def judge_code(cart: Cart | None, typed: str) -> Verdict:
    """What a code would do in this basket, or in an empty one. Raises CodeUnknown as use_code does; changes nothing."""
    return _verdict(_quoted(cart, typed), typed)


def _quoted(cart: Cart | None, typed: str) -> Quote:
    if cart is None:
        return quote_of((), None, None, Buyer(codes=(typed,)))
    draft = draft_of(cart)
    known = buyer_of(cart, email=draft.email)
    others = [code for code in known.codes if code_key(code) != code_key(typed)]
    pieces = [Piece(line.variant, line.quantity) for line in cart_queries.lines_of(cart) if line.is_for_sale]
    buyer = dataclasses.replace(known, codes=(typed, *others))
    return quote_of(pieces, destination_of(draft), None, buyer)


def _verdict(price: Quote, typed: str) -> Verdict:
    for verdict in price.verdicts:
        if verdict.code and code_key(verdict.code) == code_key(typed) and verdict.reason not in QUIET:
            return verdict
    raise CodeUnknown(field="code")
