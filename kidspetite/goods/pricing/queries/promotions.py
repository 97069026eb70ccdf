from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing.briefly import briefly
from kidspetite.goods.catalog.models import CollectionItem
from kidspetite.goods.pricing.models import PromoCode, Promotion, Redemption
from kidspetite.goods.pricing.rules.codes import code_key, email_print
from kidspetite.goods.pricing.rules.conditions import is_running
from kidspetite.goods.pricing.types import (
    AmountOff,
    Benefit,
    BuyGet,
    Channel,
    Conditions,
    FixedPrice,
    FreeShipping,
    Goods,
    Lane,
    PercentOff,
    Sentence,
)
from kidspetite.goods.pricing.types import Promotion as PromotionFacts


def live_promotions(codes: Iterable[str] = (), *, at: datetime, apart_from: str = "") -> list[PromotionFacts]:
    """The promotions that run at a moment: those that need no code, and those that these codes open, each once.

    Codes may be typed in any form; unknown ones are missing. Of limited codes it is counted what is left, without
    the uses of the order `apart_from`.
    """
    found = [one for one in _open_to_all() if is_running(one.conditions, at)]
    keys = {code_key(code): place for place, code in enumerate(codes)}
    keys.pop("", None)
    if not keys:
        return found
    rows = PromoCode.objects.filter(key__in=list(keys), promotion__in=running(at)).annotate(uses=_living(apart_from))
    opened = {row.promotion_id: row for row in sorted(rows, key=lambda row: (_left(row) != 0, -keys[row.key]))}
    for promotion in _with_goods(Promotion.objects.filter(pk__in=list(opened))).order_by("pk"):
        found = [one for one in found if one.id != promotion.pk]
        found.append(_facts(promotion, opened[promotion.pk]))
    return found


@briefly
def _open_to_all() -> tuple[PromotionFacts, ...]:
    """Those that need no code and are not over, those to come included: whether one runs is asked at every moment."""
    rows = Promotion.objects.filter(Q(ends_at=None) | Q(ends_at__gt=clock.now()), needs_code=False, stopped_at=None)
    return tuple(_facts(row) for row in _with_goods(rows).order_by("pk"))


def trial_promotions(promotion: Promotion, *, at: datetime) -> list[PromotionFacts]:
    """What runs at a moment, and one more promotion as if its code were in the basket and its days had come."""
    (row,) = _with_goods(Promotion.objects.filter(pk=promotion.pk))
    row.begins_at = row.ends_at = None
    return [*(one for one in live_promotions(at=at) if one.id != row.pk), _facts(row)]


def running(at: datetime) -> QuerySet[Promotion]:
    begun = Q(begins_at=None) | Q(begins_at__lte=at)
    return Promotion.objects.filter(begun, Q(ends_at=None) | Q(ends_at__gt=at), stopped_at=None)


def uses_by(customer_id: int | None, email: str, *, of: Sequence[int], apart_from: str = "") -> dict[int, int]:
    """How often a customer had each of these promotions: by account or by mail address, whichever matches."""
    if not of or not (customer_id or email):
        return {}
    rows = Redemption.objects.filter(whose(customer_id, email), promotion_id__in=of, released_at=None)
    return dict(rows.exclude(holder=apart_from).values_list("promotion_id").annotate(uses=Count("pk")))


def whose(customer_id: int | None, email: str) -> Q:
    """The uses of one customer."""
    mine = Q(email_print=email_print(email)) if email else Q(pk__in=[])
    return mine | Q(customer_id=customer_id) if customer_id else mine


def uses_of(holder: str) -> list[tuple[int, int | None, int]]:
    """The promotions an order uses: promotion, code, and cents off its goods."""
    rows = Redemption.objects.filter(holder=holder, released_at=None).order_by("promotion_id")
    return list(rows.values_list("promotion_id", "code_id", "amount_minor"))


def collections_of(product_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Which collections each of these products is in."""
    found: dict[int, set[int]] = defaultdict(set)
    for product, collection in CollectionItem.objects.filter(product_id__in=list(product_ids)).values_list(
        "product_id", "collection_id"
    ):
        found[product].add(collection)
    return {product: frozenset(collections) for product, collections in found.items()}


def sentences(at: datetime) -> list[Sentence]:
    """What the shop says about its running promotions, the newest first, and the goods each is about."""
    rows = running(at).exclude(sentence="").filter(people=[], channel="")
    return [
        Sentence(facts.id, facts.sentence, facts.conditions.goods, row.ends_at)
        for row in _with_goods(rows).order_by("-begins_at", "-pk")
        if (facts := _facts(row))
    ]


def next_change(after: datetime) -> datetime | None:
    """The next moment at which a promotion begins or ends by the clock."""
    rows = Promotion.objects.filter(stopped_at=None)
    begins = rows.filter(begins_at__gt=after).order_by("begins_at").values_list("begins_at", flat=True).first()
    ends = rows.filter(ends_at__gt=after).order_by("ends_at").values_list("ends_at", flat=True).first()
    return min((moment for moment in (begins, ends) if moment), default=None)


def _living(apart_from: str) -> Subquery:
    uses = Redemption.objects.filter(code=OuterRef("pk"), released_at=None).exclude(holder=apart_from).order_by()
    return Subquery(uses.values("code").annotate(count=Count("pk")).values("count"))


def _with_goods(rows: QuerySet[Promotion]) -> QuerySet[Promotion]:
    """The goods that are meant, as arrays beside each row: one statement, however many promotions."""
    return rows.annotate(
        product_ids=_named(Promotion.products.through, "product_id"),
        category_slugs=_named(Promotion.categories.through, "category__slug"),
        collection_ids=_named(Promotion.collections.through, "collection_id"),
    )


def _named(link: type, column: str) -> ArraySubquery:
    rows = link._default_manager.filter(promotion_id=OuterRef("pk"))  # type: ignore[attr-defined]
    return ArraySubquery(rows.values(column))


def _facts(row: Promotion, code: PromoCode | None = None) -> PromotionFacts:
    goods = Goods(
        products=frozenset(row.product_ids),  # type: ignore[attr-defined]
        categories=frozenset(row.category_slugs),  # type: ignore[attr-defined]
        collections=frozenset(row.collection_ids),  # type: ignore[attr-defined]
    )
    people = frozenset([code.only_for]) if code and code.only_for else frozenset(row.people)
    return PromotionFacts(
        id=row.pk,
        name=row.name,
        benefit=benefit_of(row),
        lane=Lane(row.lane),
        conditions=Conditions(
            goods=goods,
            minimum=_money(row.minimum_minor),
            pieces=row.min_pieces,
            is_first_order=row.first_order_only,
            is_signed_in=row.signed_in_only,
            people=people,
            channel=Channel(row.channel) if row.channel else None,
            begins=row.begins_at,
            ends=row.ends_at,
            uses_each=row.limit_per_customer,
            uses_left=_left(code),
        ),
        is_exclusive=row.is_exclusive,
        cap=_money(row.cap_minor),
        floor_percent=row.floor_percent,
        code=code.code if code else "",
        code_id=code.pk if code else None,
        sentence=row.sentence,
    )


def benefit_of(row: Promotion) -> Benefit:
    """What a promotion gives, in the words of the rules."""
    match row.kind:
        case Promotion.Kind.PERCENT:
            return PercentOff(row.percent or Decimal(0))
        case Promotion.Kind.AMOUNT:
            return AmountOff(Money(row.amount_minor or 0))
        case Promotion.Kind.FIXED_PRICE:
            return FixedPrice(Money(row.amount_minor or 0))
        case Promotion.Kind.BUY_GET:
            return BuyGet(row.buy or 1, row.get or 1, row.percent or Decimal(100))
        case _:
            return FreeShipping()


def _left(code: PromoCode | None) -> int | None:
    if code is None or code.limit_total is None:
        return None
    return max(code.limit_total - (code.uses or 0), 0)  # type: ignore[attr-defined]


def _money(cents: int | None) -> Money | None:
    return None if cents is None else Money(cents)
