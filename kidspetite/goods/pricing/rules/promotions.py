"""Which promotions count: in each lane the one that saves most, lane after lane on what is left; or one that goes
alone, if that is better for the shopper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.rules.benefits import Pool, pool, saving, shares
from kidspetite.goods.pricing.rules.conditions import Occasion, meant, refusal
from kidspetite.goods.pricing.types import Applied, FreeShipping, Promotion, Reason, Verdict


class Weighed(NamedTuple):
    """One promotion worked out on what a basket still costs: cents it takes off the goods, or off the sending."""

    number: int
    promotion: Promotion
    goods: Pool
    saves: int

    @property
    def shipping(self) -> int:
        return self.saves if isinstance(self.promotion.benefit, FreeShipping) else 0


type Loss = tuple[Weighed, Weighed | None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The promotions that count, and what is said of every one."""

    applied: tuple[Applied, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @property
    def frees_shipping(self) -> bool:
        return any(one.shipping for one in self.applied)


def choose(promotions: Sequence[Promotion], occasion: Occasion, *, shipping: Money | None) -> Chosen:
    """Decide which promotions count for a basket. `shipping` is what sending would cost less if it were free; None
    while nobody knows where it goes.

    A tie goes to the promotions that combine, and among equals to the one with the lower id.
    """
    scene = _Scene(occasion, promotions, shipping.minor if shipping else 0)
    refused: dict[int, Verdict] = {}
    for number, one in enumerate(promotions):
        why = refusal(one, scene.places[number], occasion) or _waits(one, occasion, shipping)
        if why:
            refused[number] = why
    fit = sorted(
        (number for number in range(len(promotions)) if number not in refused),
        key=lambda number: (promotions[number].lane, promotions[number].id),
    )
    winners, losers = scene.in_lanes([number for number in fit if not promotions[number].is_exclusive])
    alone = [scene.first(number) for number in fit if promotions[number].is_exclusive]
    best = _best(alone)
    if best and best.saves > sum(one.saves for one in winners):
        others = [*winners, *(lost for lost, _winner in losers), *alone]
        winners, losers = [best], [(one, best) for one in others if one is not best]
    else:
        losers += [(one, None) for one in alone]
    return scene.told(winners, losers, refused)


def _waits(promotion: Promotion, occasion: Occasion, shipping: Money | None) -> Verdict | None:
    if shipping is not None or not isinstance(promotion.benefit, FreeShipping):
        return None
    nothing = Money.zero(occasion.subtotal.currency)
    return Verdict(promotion.id, promotion.name, promotion.code, Reason.ADDRESS, nothing)


class _Scene:
    """A basket, and the promotions that are held against it, by their number in the row."""

    def __init__(self, occasion: Occasion, promotions: Sequence[Promotion], shipping: int) -> None:
        self._occasion, self._promotions, self._shipping = occasion, promotions, shipping
        self._prices = [line.unit_price.minor * line.quantity for line in occasion.lines]
        self._currency = occasion.subtotal.currency
        everything = list(range(len(occasion.lines)))
        self.places = [
            everything if one.conditions.goods.are_all else meant(one.conditions.goods, occasion.lines)
            for one in promotions
        ]

    def in_lanes(self, numbers: Sequence[int]) -> tuple[list[Weighed], list[Loss]]:
        """The winner of each lane, and the others with the winner they lost to. Expects them sorted by lane."""
        nets, shipping = self._prices, self._shipping
        winners: list[Weighed] = []
        losers: list[Loss] = []
        for _lane, lane in groupby(numbers, key=lambda number: self._promotions[number].lane):
            weighed = [self._weigh(number, nets, shipping) for number in lane]
            best = _best(weighed)
            if best is None or not best.saves:
                losers += [(one, None) for one in weighed]
                continue
            winners.append(best)
            losers += [(one, best) for one in weighed if one is not best]
            nets = [net - off for net, off in zip(nets, self._off(best), strict=True)]
            shipping -= best.shipping
        return winners, losers

    def first(self, number: int) -> Weighed:
        """The promotion on a basket that no other has touched."""
        return self._weigh(number, self._prices, self._shipping)

    def told(self, winners: Sequence[Weighed], losers: Sequence[Loss], refused: dict[int, Verdict]) -> Chosen:
        told, total = dict(refused), sum(one.saves for one in winners)
        for one in winners:
            told[one.number] = self._verdict(one, None)
        for one, winner in losers:
            told[one.number] = self._lost(one, winner, total)
        return Chosen(
            tuple(self._applied(one) for one in winners), tuple(told[n] for n in range(len(self._promotions)))
        )

    def _weigh(self, number: int, nets: list[int], shipping: int) -> Weighed:
        promotion = self._promotions[number]
        goods = pool(promotion, self.places[number], self._occasion.lines, nets)
        if isinstance(promotion.benefit, FreeShipping):
            return Weighed(number, promotion, goods, shipping)
        return Weighed(number, promotion, goods, saving(promotion.benefit, goods, _cents(promotion.cap)))

    def _off(self, one: Weighed) -> list[int]:
        """Cents off every line of the basket."""
        off, benefit = [0] * len(self._prices), one.promotion.benefit
        if not isinstance(benefit, FreeShipping):
            split_up = shares(benefit, one.goods, _cents(one.promotion.cap))
            for place, cents in zip(self.places[one.number], split_up, strict=True):
                off[place] = cents
        return off

    def _lost(self, one: Weighed, winner: Weighed | None, total: int) -> Verdict:
        """Beaten in its lane, or by one that goes alone; an exclusive one by those that combine; or saves nothing."""
        if not one.saves:
            return self._verdict(one, Reason.NOTHING_LEFT)
        if winner is None:
            return self._verdict(one, Reason.EXCLUSIVE, more=total - one.saves)
        goes_alone = winner.promotion.is_exclusive and not one.promotion.is_exclusive
        reason = Reason.EXCLUSIVE if goes_alone else Reason.BEATEN
        return self._verdict(one, reason, more=winner.saves - one.saves, winner=winner.promotion.name)

    def _verdict(self, one: Weighed, reason: Reason | None, *, more: int | None = None, winner: str = "") -> Verdict:
        promotion = one.promotion
        amount = None if more is None else Money(more, self._currency)
        saves = Money(one.saves, self._currency)
        return Verdict(promotion.id, promotion.name, promotion.code, reason, saves, amount, 0, winner)

    def _applied(self, one: Weighed) -> Applied:
        promotion = one.promotion
        return Applied(
            promotion_id=promotion.id,
            name=promotion.name,
            code=promotion.code,
            code_id=promotion.code_id,
            amount=Money(one.saves - one.shipping, self._currency),
            shipping=Money(one.shipping, self._currency),
            shares=tuple(Money(cents, self._currency) for cents in self._off(one)),
            uses_each=promotion.conditions.uses_each,
            sentence=promotion.sentence,
        )


def _best(weighed: Sequence[Weighed]) -> Weighed | None:
    return max(weighed, key=lambda one: (one.saves, -one.promotion.id), default=None)


def _cents(cap: Money | None) -> int | None:
    return None if cap is None else cap.minor
