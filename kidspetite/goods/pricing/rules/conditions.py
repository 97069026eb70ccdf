"""When a promotion may. Each condition looks at one thing and says why not; the first that refuses is the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.types import BasketLine, Conditions, Goods, Promotion, Reason, Shopper, Verdict

type Missing = tuple[Reason, Money | None, int]


@dataclass(frozen=True, slots=True)
class Occasion:
    """The basket a promotion is held against, who carries it, and when."""

    lines: Sequence[BasketLine]
    subtotal: Money
    shopper: Shopper
    now: datetime


def meant(goods: Goods, lines: Sequence[BasketLine]) -> list[int]:
    """The places of the lines that are meant."""
    if goods.are_all:
        return list(range(len(lines)))
    return [place for place, line in enumerate(lines) if _is_meant(goods, line)]


def refusal(promotion: Promotion, places: Sequence[int], occasion: Occasion) -> Verdict | None:
    """Why this promotion may not, or None. `places` are those of the goods it means."""
    for condition in CONDITIONS:
        if missing := condition(promotion.conditions, places, occasion, promotion.id):
            reason, amount, pieces = missing
            nothing = Money.zero(occasion.subtotal.currency)
            return Verdict(promotion.id, promotion.name, promotion.code, reason, nothing, amount, pieces)
    return None


def is_running(conditions: Conditions, now: datetime) -> bool:
    begun = conditions.begins is None or conditions.begins <= now
    return begun and (conditions.ends is None or now < conditions.ends)


def _is_meant(goods: Goods, line: BasketLine) -> bool:
    return (
        line.product_id in goods.products
        or not goods.categories.isdisjoint(line.categories)
        or not goods.collections.isdisjoint(line.collections)
    )


def _running(asked: Conditions, places: Sequence[int], occasion: Occasion, promotion_id: int) -> Missing | None:
    return None if is_running(asked, occasion.now) else (Reason.NOT_RUNNING, None, 0)


def _people(asked: Conditions, places: Sequence[int], occasion: Occasion, promotion_id: int) -> Missing | None:
    if not asked.people or occasion.shopper.email in asked.people:
        return None
    return (Reason.OTHER_PEOPLE, None, 0)


def _channel(asked: Conditions, places: Sequence[int], occasion: Occasion, promotion_id: int) -> Missing | None:
    if asked.channel is None or asked.channel == occasion.shopper.channel:
        return None
    return (Reason.OTHER_CHANNEL, None, 0)


def _uses(asked: Conditions, places: Sequence[int], occasion: Occasion, promotion_id: int) -> Missing | None:
    if asked.uses_left is not None and asked.uses_left <= 0:
        return (Reason.USED_UP, None, 0)
    if asked.uses_each is not None and occasion.shopper.uses.get(promotion_id, 0) >= asked.uses_each:
        return (Reason.USED_BEFORE, None, 0)
    return None


def _first_order(asked: Conditions, places: Sequence[int], occasion: Occasion, promotion_id: int) -> Missing | None:
    """As long as nobody knows who is asking, it is taken for the first; the mail address decides before paying."""
    return (Reason.NOT_FIRST_ORDER, None, 0) if asked.is_first_order and occasion.shopper.orders_before else None


def _signed_in(asked: Conditions, places: Sequence[int], occasion: Occasion, promotion_id: int) -> Missing | None:
    return (Reason.SIGN_IN, None, 0) if asked.is_signed_in and not occasion.shopper.is_signed_in else None


def _goods(asked: Conditions, places: Sequence[int], occasion: Occasion, promotion_id: int) -> Missing | None:
    return None if places else (Reason.NO_GOODS, None, 0)


def _pieces(asked: Conditions, places: Sequence[int], occasion: Occasion, promotion_id: int) -> Missing | None:
    if not asked.pieces:
        return None
    missing = asked.pieces - sum(occasion.lines[place].quantity for place in places)
    return (Reason.PIECES, None, missing) if missing > 0 else None


def _minimum(asked: Conditions, places: Sequence[int], occasion: Occasion, promotion_id: int) -> Missing | None:
    if asked.minimum is None or occasion.subtotal >= asked.minimum:
        return None
    return (Reason.MINIMUM, asked.minimum - occasion.subtotal, 0)


type Condition = Callable[[Conditions, Sequence[int], Occasion, int], Missing | None]

CONDITIONS: tuple[Condition, ...] = (
    _running, _people, _channel, _uses, _first_order, _signed_in, _goods, _pieces, _minimum,
)  # fmt: skip
