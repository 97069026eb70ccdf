"""How much a promotion takes off each line. Whole cents in, whole cents out; no line below its floor."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from math import lcm
from typing import NamedTuple

from kidspetite.foundation.kernel.money import split
from kidspetite.goods.pricing.types import AmountOff, BasketLine, BuyGet, FixedPrice, PercentOff, Promotion

type GoodsBenefit = PercentOff | AmountOff | FixedPrice | BuyGet


class Pool(NamedTuple):
    """The lines a promotion means, as it meets them: what each still costs, its pieces, and how many cents may go."""

    nets: list[int]
    pieces: list[int]
    rooms: list[int]


def pool(promotion: Promotion, places: Sequence[int], lines: Sequence[BasketLine], nets: Sequence[int]) -> Pool:
    """The goods that a promotion means, with the room that its floor leaves on each line."""
    left = [nets[place] for place in places]
    pieces = [lines[place].quantity for place in places]
    if not promotion.floor_percent:
        return Pool(left, pieces, left)
    rooms = [
        max(net - _floor(lines[place], promotion.floor_percent) * lines[place].quantity, 0)
        for place, net in zip(places, left, strict=True)
    ]
    return Pool(left, pieces, rooms)


def saving(benefit: GoodsBenefit, goods: Pool, cap: int | None) -> int:
    """What the shares add up to; without splitting where the sum is known before."""
    if isinstance(benefit, AmountOff):
        return min(_wanted(benefit.amount.minor, cap), sum(goods.rooms))
    if isinstance(benefit, PercentOff) and goods.rooms is goods.nets:
        return _wanted(_of(sum(goods.nets), benefit.percent), cap)
    return sum(shares(benefit, goods, cap))


def shares(benefit: GoodsBenefit, goods: Pool, cap: int | None) -> list[int]:
    """Cents off each line that is meant; together at most `cap`."""
    match benefit:
        case PercentOff(percent):
            return _percent_off(goods, percent, cap)
        case AmountOff(amount):
            return _amount_off(goods, _wanted(amount.minor, cap))
        case FixedPrice(price):
            return _capped([min(max(net - price.minor * n, 0), room) for net, n, room in zip(*goods, strict=True)], cap)
        case BuyGet(buy, get, percent):
            return _capped(_cheapest_off(goods, buy, get, percent), cap)


def _floor(line: BasketLine, percent: int) -> int:
    """What a piece costs at least: a share of its list price, rounded up to the cent."""
    listed = line.unit_price.minor
    if line.list_price is not None:
        listed = max(listed, line.list_price.minor)
    return -(-listed * percent // 100)


def _percent_off(goods: Pool, percent: Decimal, cap: int | None) -> list[int]:
    """Rounded half up once, on the sum, and then shared. What a floor keeps back goes to no other line."""
    wanted = _wanted(_of(sum(goods.nets), percent), cap)
    return [min(share, room) for share, room in zip(split(wanted, goods.nets), goods.rooms, strict=True)]


def _amount_off(goods: Pool, wanted: int) -> list[int]:
    """In proportion to what the lines cost; what has no room on one goes on to the others."""
    taken = [0] * len(goods.nets)
    left = min(wanted, sum(goods.rooms))
    while left:
        open_ = [place for place, room in enumerate(goods.rooms) if taken[place] < room]
        for place, share in zip(open_, split(left, [goods.nets[place] for place in open_]), strict=True):
            step = min(share, goods.rooms[place] - taken[place])
            taken[place] += step
            left -= step
    return taken


def _cheapest_off(goods: Pool, buy: int, get: int, percent: Decimal) -> list[int]:
    left = sum(goods.pieces) // (buy + get) * get
    taken = [0] * len(goods.nets)
    if not left:
        return taken
    common = lcm(*goods.pieces)  # so that prices a piece compare exactly
    prices = [net * (common // n) for net, n in zip(goods.nets, goods.pieces, strict=True)]
    for place in sorted(range(len(prices)), key=prices.__getitem__):
        if not left:
            break
        net, n, room = goods.nets[place], goods.pieces[place], goods.rooms[place]
        free = min(left, n)
        taken[place] = min(_of(net * free // n, percent), room)
        left -= free
    return taken


def _capped(wanted: list[int], cap: int | None) -> list[int]:
    return wanted if cap is None or sum(wanted) <= cap else split(cap, wanted)


def _wanted(cents: int, cap: int | None) -> int:
    return cents if cap is None or cents < cap else cap


def _of(cents: int, percent: Decimal) -> int:
    """So many per cent, rounded half up; exact, because a percentage has at most two decimals."""
    return (2 * cents * _hundredths(percent) + 10_000) // 20_000


@cache
def _hundredths(percent: Decimal) -> int:
    return int(percent * 100)
