from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Max

from kidspetite.foundation.kernel import clock
from kidspetite.goods.pricing.errors import CodeUnknown
from kidspetite.goods.pricing.models import PromoCode, Promotion, Redemption
from kidspetite.goods.pricing.queries.promotions import whose
from kidspetite.goods.pricing.rules.codes import email_print, free_number
from kidspetite.goods.pricing.types import Applied

# A place or a turn that somebody else has just taken gives no row, and then the use is refused: the constraints have
# the last word, also over two codes of one batch, which no lock brings together.
TAKE = """
insert into pricing_redemption
    (promotion_id, code_id, holder, customer_id, email_print, place, places, turn, amount_minor, shipping_minor, at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict do nothing returning id
"""


def redeem(applied: Sequence[Applied], *, holder: str, customer_id: int | None, email: str) -> None:
    """Count these promotions as used by an order, in the order's transaction. Raises CodeUnknown when a code or a
    promotion has run out for this customer meanwhile; then nothing is counted.

    Locks the limited codes by primary key, after stock and before the order.
    """
    if applied:
        _redeem(applied, holder, customer_id, email)


@transaction.atomic
def _redeem(applied: Sequence[Applied], holder: str, customer_id: int | None, email: str) -> None:
    limits = _lock_codes([one.code_id for one in applied if one.code_id])
    stopped = Promotion.objects.filter(pk__in=[one.promotion_id for one in applied]).exclude(stopped_at=None)
    if stopped.exists():
        raise CodeUnknown()
    for one in sorted(applied, key=lambda one: one.promotion_id):
        limit = limits.get(one.code_id) if one.code_id else None
        place = _place(one.code_id, limit) if limit is not None else None
        turn = _turn(one, customer_id, email) if one.uses_each else None
        row = (
            one.promotion_id, one.code_id, holder, customer_id, email_print(email), place, limit, turn,
            one.amount.minor, one.shipping.minor, clock.now(),
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(TAKE, row)
            if cursor.fetchone() is None:
                raise CodeUnknown()


def give_back(holder: str) -> int:
    """The order has ended: what it used may be used again. Doing it twice is harmless; gives how many uses came free.

    Touches rows of this order only, so it needs no lock and may run under the order's.
    """
    return Redemption.objects.filter(holder=holder, released_at=None).update(released_at=clock.now())


def _lock_codes(code_ids: list[int]) -> dict[int, int | None]:
    """The limits of these codes. A code without one is not waited for: any number may use it at once."""
    if not code_ids:
        return {}
    limited = PromoCode.objects.filter(pk__in=code_ids, limit_total__isnull=False).order_by("pk")
    return {code.pk: code.limit_total for code in limited.select_for_update()}


def _place(code_id: int | None, limit: int) -> int:
    """A free place of a code, under its lock: the next one, or one that was given back. Raises CodeUnknown when there
    is none."""
    living = Redemption.objects.filter(code_id=code_id, released_at=None)
    last = living.aggregate(last=Max("place"))["last"] or 0
    if last < limit:
        return last + 1
    place = free_number({number for number in living.values_list("place", flat=True) if number}, limit)
    if place is None:
        raise CodeUnknown()
    return place


def _turn(one: Applied, customer_id: int | None, email: str) -> int:
    """The customer's lowest free turn. Raises CodeUnknown when there is none."""
    mine = Redemption.objects.filter(whose(customer_id, email), promotion_id=one.promotion_id, released_at=None)
    taken = {number for number in mine.values_list("turn", flat=True) if number}
    if (turn := free_number(taken, one.uses_each or 0)) is None:
        raise CodeUnknown()
    return turn
