from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.errors import MethodNotOffered
from kidspetite.goods.pricing.rules.conditions import Occasion
from kidspetite.goods.pricing.rules.delivery import leaving_day, offered_rates, zone_of
from kidspetite.goods.pricing.rules.promotions import Chosen, choose
from kidspetite.goods.pricing.rules.taxing import with_tax
from kidspetite.goods.pricing.types import (
    BasketLine,
    Destination,
    Note,
    NoteCode,
    Packing,
    Promotion,
    Quote,
    QuotedLine,
    Rate,
    RateTable,
    Shopper,
    TaxAnswer,
    TaxTable,
)

NOBODY = Shopper()


def quote(
    lines: Sequence[BasketLine],
    destination: Destination | None,
    method_code: str | None = None,
    *,
    rates: RateTable,
    tax: TaxTable | TaxAnswer,
    free_from: Money | None,
    now: datetime,
    packing: Packing,
    promotions: Sequence[Promotion] = (),
    shopper: Shopper = NOBODY,
) -> Quote:
    """What this basket costs, sent there that way: the only place that computes an amount.

    Without a method the first that goes there is taken. Raises MethodNotOffered for one that does not. `now` is any
    aware moment; `packing` knows the shop's time zone. Of the promotions those count that save the shopper most;
    `verdicts` say what became of each. A tax answer is used only for the very basket it is about.
    """
    zone = zone_of(destination) if destination else None
    may_be_free = any(method.may_be_free for method in rates.methods)
    listed = _without_delivery(tuple(_plain_line(line) for line in lines), free_from if may_be_free else None)
    occasion = Occasion(lines, listed.subtotal, shopper, now)
    if not lines or destination is None or zone is None:
        bare = _reduced(listed, choose(promotions, occasion, shipping=None))
        return _undelivered(bare) if lines and destination else bare

    weight = sum(line.weight_g * line.quantity for line in lines)
    offer = partial(
        offered_rates, rates, zone=zone, weight_g=weight, goods=listed.subtotal, leaves=leaving_day(now, packing),
        packing=packing,
    )  # fmt: skip
    offered = offer(free_from=free_from)
    if not offered and not method_code:
        return _undelivered(_reduced(listed, choose(promotions, occasion, shipping=None)))
    chosen = _chosen(offered, method_code)
    freed = _freed(offered, offer(free_from=Money.zero()))
    saved = chosen.price - _chosen(freed, chosen.method_code).price
    choice = choose(promotions, occasion, shipping=saved)
    offered = freed if choice.frees_shipping else offered
    sent = _with_delivery(_reduced(listed, choice), offered, _chosen(offered, chosen.method_code))
    return with_tax(sent, destination, tax)


def _reduced(listed: Quote, choice: Chosen) -> Quote:
    """The lines less their shares of the promotions that count."""
    lines = listed.lines
    for one in choice.applied:
        lines = tuple(
            dataclasses.replace(line, discount=line.discount + share)
            for line, share in zip(lines, one.shares, strict=True)
        )
    discount = Money.total(one.amount for one in choice.applied)
    return dataclasses.replace(listed, lines=lines, discount=discount, applied=choice.applied, verdicts=choice.verdicts)


def _freed(offered: tuple[Rate, ...], free: tuple[Rate, ...]) -> tuple[Rate, ...]:
    """The rates when a promotion pays for the sending."""
    return tuple(
        dataclasses.replace(there, is_free_reason="promotion") if there.price != here.price else here
        for here, there in zip(offered, free, strict=True)
    )


def _plain_line(line: BasketLine) -> QuotedLine:
    nothing = Money.zero(line.unit_price.currency)
    return QuotedLine(
        line.variant_id,
        line.sku,
        line.quantity,
        line.unit_price,
        line.total,
        discount=nothing,
        tax=nothing,
    )


def _without_delivery(lines: tuple[QuotedLine, ...], free_from: Money | None) -> Quote:
    """What the goods cost, and what is missing for free shipping: that counts them before promotions, so that no
    code can make sending cost again."""
    subtotal = Money.total(line.line_total for line in lines)
    missing = free_from - subtotal if free_from is not None and lines else None
    notes = (Note(NoteCode.UNTIL_FREE_SHIPPING, missing),) if missing and missing.minor > 0 else ()
    return Quote(lines, subtotal, Money.zero(subtotal.currency), shipping=None, tax=None, total=None, notes=notes)


def _undelivered(bare: Quote) -> Quote:
    return dataclasses.replace(bare, notes=(Note(NoteCode.NOT_DELIVERED_THERE),))


def _chosen(offered: tuple[Rate, ...], method_code: str | None) -> Rate:
    if not method_code:
        return offered[0]
    for rate in offered:
        if rate.method_code == method_code:
            return rate
    raise MethodNotOffered(method=method_code, offered=tuple(rate.method_code for rate in offered))


def _with_delivery(bare: Quote, offered: tuple[Rate, ...], chosen: Rate) -> Quote:
    notes = bare.notes
    if chosen.is_free_reason:
        told = tuple(note for note in notes if note.code != NoteCode.UNTIL_FREE_SHIPPING)
        notes = (*told, Note(NoteCode.FREE_SHIPPING))
    return dataclasses.replace(
        bare,
        shipping=chosen.price,
        method=chosen.method_code,
        rates=offered,
        arrives_from=chosen.arrives_from,
        arrives_to=chosen.arrives_to,
        notes=notes,
    )
