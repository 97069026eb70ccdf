from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, F, Q, Sum, Window
from django.db.models.functions import Coalesce

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.integrity import Broken, Promise, broken
from kidspetite.foundation.plumbing.recipes import AnyOf, Given, Recipe, ask_kept
from kidspetite.goods.catalog.errors import UnknownSku
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory.errors import NoSuchSheet
from kidspetite.goods.inventory.models import Hold, Movement, Sheet, SheetLine, StockLevel
from kidspetite.goods.inventory.rules import FEW
from kidspetite.goods.inventory.types import (
    HoldFacts,
    HoldView,
    MoveAs,
    SheetLineView,
    SheetView,
    StockFacts,
    TimelineEntry,
)

TIMELINE_ROWS = 200
# For statements that name a variant as `wanted.variant_id` and are told `holder` and `now`: what anybody may still take
# of it, what the holder has of it in living holds, those among them that moved on to an order being paid, and when the
# first of these ends. `reserved` counts holds that have lapsed until somebody frees them.
SHELF_COLUMNS = (
    "greatest(level.on_hand - level.reserved + coalesce(lapsed.pieces, 0), 0)::int, own.pieces::int, own.ends"
)
SHELF_JOINED = """
  LEFT JOIN inventory_stocklevel AS level ON level.variant_id = wanted.variant_id
  LEFT JOIN LATERAL (
    SELECT sum(hold.quantity) AS pieces
      FROM inventory_hold AS hold WHERE hold.level_id = level.id AND hold.expires_at <= %(now)s
  ) AS lapsed ON true
  LEFT JOIN (
    SELECT hold.level_id, sum(hold.quantity) AS pieces, min(hold.expires_at) AS ends FROM inventory_hold AS hold
     WHERE (hold.holder = %(holder)s OR hold.moved_from <> '' AND hold.moved_from = %(holder)s)
       AND hold.expires_at > %(now)s
     GROUP BY hold.level_id
  ) AS own ON own.level_id = level.id
"""


def available_pieces(variant_ids: Collection[int]) -> dict[int, int]:
    """What anybody may still take of each variant: pieces on hand less living holds. Unknown variants have none."""
    found = dict.fromkeys(variant_ids, 0)
    for variant_id, on_hand, promised in _ON_SHELVES.rows(variants=list(found), now=clock.now()):
        found[variant_id] = max(on_hand - promised, 0)
    return found


def holds_of(holder: str) -> dict[int, HoldFacts]:
    """A holder's living holds by variant, those among them that moved on to an order being paid."""
    held: dict[int, HoldFacts] = {}
    for variant_id, pieces, ends, kind in ask_kept(_HELD, {"holder": holder, "now": clock.now()}):
        facts = HoldFacts(pieces, ends, is_firm=kind == Hold.Kind.FIRM)
        before = held.get(variant_id)
        held[variant_id] = _together(before, facts) if before else facts
    return held


def stock_facts(sku: str) -> StockFacts:
    """One shelf as it is now. A variant that never had stock has none. Raises UnknownSku."""
    row = StockLevel.objects.filter(variant__sku=sku).annotate(promised=_promised(clock.now())).first()
    if row is None:
        return StockFacts(sku, on_hand=0, reserved=0, available=0, variant_id=_variant_id(sku))
    return StockFacts(sku, row.on_hand, row.promised, max(row.on_hand - row.promised, 0), row.variant_id)


def timeline(sku: str, *, with_holds: bool = False) -> list[TimelineEntry]:
    """Why a shelf holds what it holds: its latest movements, newest first, each with the count after it."""
    rows = Movement.objects.filter(level__variant__sku=sku)
    if not with_holds:
        rows = rows.exclude(quantity=0)
    balance = Window(Sum("quantity"), order_by=[F("at").asc(), F("pk").asc()])
    return [
        TimelineEntry(row.at, row.kind, row.quantity, row.promised, row.balance, row.reason, row.cause, row.actor)
        for row in rows.annotate(balance=balance).order_by("-at", "-pk")[:TIMELINE_ROWS]
    ]


def holds_on(sku: str) -> list[HoldView]:
    """Who pieces of this variant are promised to just now, the firm ones first, then those that end first."""
    rows = Hold.objects.filter(level__variant__sku=sku, expires_at__gt=clock.now()).order_by("kind", "expires_at", "pk")
    return [HoldView(row.holder, row.quantity, row.expires_at, row.kind == Hold.Kind.FIRM) for row in rows]


def sheets(*, limit: int = 50) -> list[SheetView]:
    """The latest sheets without their lines, the open ones first."""
    rows = Sheet.objects.annotate(shelves=Count("lines")).order_by(F("applied_at").desc(nulls_first=True), "-pk")
    return [_sheet(row, row.shelves) for row in rows[:limit]]


def sheet(sheet_id: int) -> SheetView:
    """One sheet with its lines, those that differ first. Raises NoSuchSheet."""
    row = Sheet.objects.filter(pk=sheet_id).first()
    if row is None:
        raise NoSuchSheet()
    rows = row.lines.select_related("variant__product", "variant__size", "variant__colour", "variant__stock")
    lines = [_sheet_line(line) for line in rows]
    return _sheet(row, len(lines), tuple(sorted(lines, key=lambda line: (not line.difference, line.name, line.sku))))


def broken_promises() -> list[Broken]:
    """What the rows of this room break of the shop's promises."""
    return broken(PROMISES)


def _promised(now: Any) -> Coalesce:
    return Coalesce(Sum("holds__quantity", filter=Q(holds__expires_at__gt=now)), 0)


def _together(one: HoldFacts, other: HoldFacts) -> HoldFacts:
    return HoldFacts(
        quantity=one.quantity + other.quantity,
        expires_at=min(one.expires_at, other.expires_at),
        is_firm=one.is_firm and other.is_firm,
    )


def _sheet(row: Sheet, shelves: int, lines: tuple[SheetLineView, ...] = ()) -> SheetView:
    return SheetView(
        row.pk, row.kind == Sheet.Kind.COUNT, MoveAs(row.moves_as), row.opened_by, row.opened_at, row.reason,
        row.applied_by, row.applied_at, shelves, lines,
    )  # fmt: skip


def _sheet_line(line: SheetLine) -> SheetLineView:
    variant, level = line.variant, getattr(line.variant, "stock", None)
    name = f"{variant.product.name}, {variant.colour.name}, {variant.size.label}"
    return SheetLineView(
        variant.pk, variant.sku, name, line.counted, line.books, line.difference, level.on_hand if level else 0
    )


def _variant_id(sku: str) -> int:
    found = Variant.objects.filter(sku=sku).values_list("pk", flat=True).first()
    if found is None:
        raise UnknownSku(sku=sku)
    return found


_ON_SHELVES = Recipe(
    lambda: (
        StockLevel.objects.filter(AnyOf("variant", Given("variants")))
        .annotate(promised=_promised(Given("now")))
        .values_list("variant_id", "on_hand", "promised")
    )
)
_HELD = """
SELECT level.variant_id, hold.quantity, hold.expires_at, hold.kind
  FROM inventory_hold AS hold JOIN inventory_stocklevel AS level ON level.id = hold.level_id
 WHERE (hold.holder = %(holder)s OR hold.moved_from <> '' AND hold.moved_from = %(holder)s)
   AND hold.expires_at > %(now)s
"""

PROMISES = (
    Promise(
        "never_promise_more_than_held",
        "More pieces of a variant are promised than lie on its shelf.",
        "select variant_id from inventory_stocklevel where reserved > on_hand or reserved < 0",
    ),
    Promise(
        "holds_make_the_promised",
        "The holds on a variant do not add up to the pieces counted as promised.",
        """select level.variant_id from inventory_stocklevel level
           left join inventory_hold hold on hold.level_id = level.id
           group by level.id having level.reserved <> coalesce(sum(hold.quantity), 0)""",
    ),
    Promise(
        "movements_make_the_stock",
        "The movements of a variant do not add up to the pieces on its shelf.",
        """select level.variant_id from inventory_stocklevel level
           left join inventory_movement movement on movement.level_id = level.id
           group by level.id having level.on_hand <> coalesce(sum(movement.quantity), 0)""",
    ),
    Promise(
        "movements_make_the_promised",
        "What was held and released of a variant does not add up to the pieces counted as promised.",
        """select level.variant_id from inventory_stocklevel level
           left join inventory_movement movement on movement.level_id = level.id
           group by level.id having level.reserved <> coalesce(sum(movement.promised), 0)""",
    ),
    Promise(
        "set_aside_for_somebody",
        "A piece is set aside for somebody who waited, and they are not offered it.",
        """select hold.holder from inventory_hold hold
           where starts_with(hold.holder, 'wait:') and hold.expires_at > statement_timestamp() and not exists (
               select from inventory_wait wait where 'wait:' || wait.id = hold.holder and wait.status = 'offered')""",
    ),
    Promise(
        "bands_tell_the_truth",
        "The catalogue says another band of a variant than its shelf has.",
        f"""select variant.sku from catalog_variant variant
            left join inventory_stocklevel level on level.variant_id = variant.id
            where variant.band <> case when coalesce(level.on_hand, 0) <= 0 then 'sold_out'
                                       when level.on_hand <= level.reserved then 'held'
                                       when level.on_hand - level.reserved <= {FEW} then 'few' else 'in_stock' end""",
    ),
)
