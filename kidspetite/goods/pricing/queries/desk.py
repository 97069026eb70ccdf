"""What staff see of promotions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.errors import NoSuchPromotion
from kidspetite.goods.pricing.models import PromoCode, Promotion, Redemption
from kidspetite.goods.pricing.queries.words import state_of, summary
from kidspetite.goods.pricing.rules.codes import code_key

LIVING = Q(redemptions__released_at=None, redemptions__isnull=False)


@dataclass(frozen=True, slots=True)
class PromotionRow:
    """A promotion as the desk shows it: the row, its plain sentence, its state, and what it has given so far."""

    row: Promotion
    words: str
    state: str
    goods: tuple[str, ...]
    uses: int
    given: Money


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """A code with its limit (None: as often as one likes) and the uses that live."""

    code: str
    limit: int | None
    used: int


def promotion_list() -> list[PromotionRow]:
    """All promotions, the newest first, in as many queries for one as for fifty."""
    return [_row(row) for row in _counted(Promotion.objects.all())]


def promotion_row(promotion_id: int) -> PromotionRow | None:
    return next((_row(row) for row in _counted(Promotion.objects.filter(pk=promotion_id))), None)


def promotion_codes(promotion_id: int) -> QuerySet[PromoCode]:
    """The codes of a promotion with the uses of each, as `uses`."""
    return PromoCode.objects.filter(promotion_id=promotion_id).annotate(uses=Count("redemptions", filter=LIVING))


def code_facts(code: str) -> CodeFacts | None:
    """A code however it is typed, for the console."""
    row = PromoCode.objects.filter(key=code_key(code)).annotate(uses=Count("redemptions", filter=LIVING)).first()
    return CodeFacts(row.code, row.limit_total, row.uses) if row else None


def promotion_of_code(code: str) -> Promotion:
    """The promotion that a code opens. Raises NoSuchPromotion."""
    row = PromoCode.objects.select_related("promotion").filter(key=code_key(code)).first()
    if row is None:
        raise NoSuchPromotion()
    return row.promotion


def uses_by_day(promotion_id: int, *, until: datetime, days: int, time_zone: str) -> list[tuple[date, int]]:
    """Uses that live, for each of the last days in the shop's zone, days without any included."""
    zone = ZoneInfo(time_zone)
    last = until.astimezone(zone).date()
    rows = Redemption.objects.filter(promotion_id=promotion_id, released_at=None, at__gt=until - timedelta(days=days))
    found = dict(rows.annotate(day=TruncDate("at", tzinfo=zone)).values_list("day").annotate(uses=Count("pk")))
    return [(day, found.get(day, 0)) for day in (last - timedelta(days=back) for back in range(days - 1, -1, -1))]


def _counted(rows: QuerySet[Promotion]) -> QuerySet[Promotion]:
    return rows.prefetch_related("products", "categories", "collections").annotate(
        uses=Count("redemptions", filter=LIVING), given=Sum("redemptions__amount_minor", filter=LIVING)
    )


def _row(row: Promotion) -> PromotionRow:
    named = (
        *(one.name for one in row.products.all()),
        *(one.name for one in row.categories.all()),
        *(one.title for one in row.collections.all()),
    )
    words = summary(row, goods=named)
    return PromotionRow(row, words, state_of(row), named, row.uses, Money(row.given or 0))  # type: ignore[attr-defined]
