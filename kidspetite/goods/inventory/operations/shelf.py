"""A shelf under lock: look at it as it is, change it in memory, put it back in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from kidspetite.foundation.kernel import clock
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.models import Band, Variant
from kidspetite.goods.inventory.errors import OutOfStock, Shortage
from kidspetite.goods.inventory.models import Hold, Movement, StockLevel
from kidspetite.goods.inventory.rules import band_of

# Everybody who buys passes through the three statements of this page, most of them while others wait. They are written
# out because the ORM takes four times as long to put each of them together.
LOCK_LEVELS = """
select id, variant_id, on_hand, reserved from inventory_stocklevel where variant_id = any(%s) order by id for update
"""
LOCK_IDLE_LEVELS = LOCK_LEVELS.rstrip() + " skip locked"
HOLDS_THAT_MATTER = """
select id, level_id, holder, moved_from, quantity, kind, expires_at, created_at from inventory_hold
where level_id = any(%(levels)s) and expires_at <= %(now)s or holder = any(%(asking)s) or moved_from = any(%(asking)s)
"""
# Holds ended, holds made or changed, levels counted anew; what each part touches is under the lock of its level.
PUT_BACK = """
with ended as (
    delete from inventory_hold where id = any(%(ended)s::bigint[])
), held as (
    insert into inventory_hold (level_id, holder, moved_from, quantity, kind, expires_at)
    select * from unnest(
        %(hold_levels)s::bigint[], %(holders)s::text[], %(origins)s::text[],
        %(pieces)s::int[], %(kinds)s::text[], %(ends)s::timestamptz[]
    )
    on conflict (level_id, holder) do update
    set moved_from = excluded.moved_from, quantity = excluded.quantity,
        kind = excluded.kind, expires_at = excluded.expires_at
)
update inventory_stocklevel as level
set on_hand = counted.on_hand, reserved = counted.reserved
from unnest(%(levels)s::bigint[], %(on_hand)s::int[], %(reserved)s::int[]) as counted (id, on_hand, reserved)
where level.id = counted.id
"""


@dataclass
class Shelf:
    """Some levels under lock, by variant, and the holds on them that matter, by level and holder."""

    now: datetime
    levels: dict[int, StockLevel]
    holds: dict[tuple[int, str], Hold]
    pieces_elsewhere: int = 0
    freed: int = 0
    _bands: dict[int, Band] = field(default_factory=dict)
    _by_pk: dict[int, StockLevel] = field(default_factory=dict)
    _ended: dict[tuple[int, str], Hold] = field(default_factory=dict)
    _held: dict[tuple[int, str], Hold] = field(default_factory=dict)
    _movements: list[Movement] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._bands = self._bands_now()
        self._by_pk = {level.pk: level for level in self.levels.values()}

    def free(self, variant_id: int) -> int:
        """Pieces nobody holds."""
        level = self.levels.get(variant_id)
        return level.available if level else 0

    def held_by(self, holder: str, variant_id: int) -> int:
        hold = self._hold(holder, variant_id)
        return hold.quantity if hold else 0

    def moved_on_from(self, holder: str, variant_id: int) -> int:
        """Pieces that a basket's order holds on its behalf."""
        return sum(hold.quantity for hold in self.holds_on(variant_id) if hold.moved_from == holder)

    def holds_on(self, variant_id: int) -> list[Hold]:
        """The holds on one level that were looked at."""
        level = self.levels.get(variant_id)
        return [hold for hold in self.holds.values() if level and hold.level_id == level.pk]

    def hold(
        self,
        holder: str,
        variant_id: int,
        pieces: int,
        *,
        until: datetime,
        kind: str = Hold.Kind.SOFT,
        moved_from: str = "",
    ) -> None:
        """Make the holder's hold exactly so many pieces; none ends it."""
        if not pieces:
            self.let_go(holder, variant_id)
            return
        level, key = self.levels[variant_id], (self.levels[variant_id].pk, holder)
        hold = self.holds.setdefault(key, Hold(level_id=level.pk, holder=holder, quantity=0))
        level.reserved += pieces - hold.quantity
        hold.quantity, hold.kind, hold.moved_from, hold.expires_at = pieces, kind, moved_from, until
        self._held[key] = hold

    def let_go(self, holder: str, variant_id: int) -> None:
        if hold := self._hold(holder, variant_id):
            self.end(hold)

    def end(self, hold: Hold) -> None:
        key = (hold.level_id, hold.holder)
        self._by_pk[hold.level_id].reserved -= hold.quantity
        self._ended[key] = self.holds.pop(key)
        self._held.pop(key, None)

    def move(
        self, variant_id: int, pieces: int, *, kind: str, reason: str = "", cause: str = "", actor: str = ""
    ) -> None:
        """Put pieces on the shelf, or take them off, and write down why."""
        level = self.levels[variant_id]
        level.on_hand += pieces
        self._movements.append(
            Movement(
                level=level, kind=kind, quantity=pieces, reason=reason[:200], cause=cause, actor=actor, at=self.now
            )
        )

    def is_short_of(self, pieces: int, variant_id: int, *, holders: Collection[str]) -> bool:
        """Whether these holders together cannot have so many, with what is free and what they hold."""
        return pieces > self.free(variant_id) + sum(self.held_by(holder, variant_id) for holder in holders)

    def refuse_if_short(self, wanted: Mapping[int, int], *, holders: Collection[str]) -> None:
        """All or nothing: raises OutOfStock when one variant is short."""
        short = [variant_id for variant_id, n in wanted.items() if self.is_short_of(n, variant_id, holders=holders)]
        if short:
            raise OutOfStock([self._shortage(variant_id, holders) for variant_id in short])

    def put_back(self) -> None:
        """Write what changed, and tell the catalogue of each variant whose band is another one now."""
        if not (self._ended or self._held or self._movements):
            return
        held, levels = list(self._held.values()), list(self.levels.values())
        with connection.cursor() as cursor:
            cursor.execute(
                PUT_BACK,
                {
                    "ended": [hold.pk for hold in self._ended.values() if hold.pk],
                    "hold_levels": [hold.level_id for hold in held],
                    "holders": [hold.holder for hold in held],
                    "origins": [hold.moved_from for hold in held],
                    "pieces": [hold.quantity for hold in held],
                    "kinds": [str(hold.kind) for hold in held],
                    "ends": [hold.expires_at for hold in held],
                    "levels": [level.pk for level in levels],
                    "on_hand": [level.on_hand for level in levels],
                    "reserved": [level.reserved for level in levels],
                },
            )
        if self._movements:
            Movement.objects.bulk_create(self._movements)
        self._tell_bands()

    def _hold(self, holder: str, variant_id: int) -> Hold | None:
        level = self.levels.get(variant_id)
        return self.holds.get((level.pk, holder)) if level else None

    def _shortage(self, variant_id: int, holders: Collection[str]) -> Shortage:
        theirs = sum(
            hold.quantity for hold in self.holds_on(variant_id) if hold.holder in holders or hold.moved_from in holders
        )
        level = self.levels.get(variant_id)
        others = level.reserved - theirs if level else 0
        return Shortage(_sku(variant_id), available=self.free(variant_id) + theirs, held=others)

    def _tell_bands(self) -> None:
        now = self._bands_now()
        changed = {variant_id: band for variant_id, band in now.items() if band != self._bands[variant_id]}
        if changed:
            catalog.note_bands(changed)

    def _bands_now(self) -> dict[int, Band]:
        levels = self.levels.items()
        return {variant_id: band_of(level.available, held=level.reserved) for variant_id, level in levels}


def lock_shelf(variant_ids: Iterable[int], *, asking: Collection[str] = ()) -> Shelf:
    """Lock the levels of these variants in primary-key order, then look: what has lapsed is free from here on.

    The holds of those who are asking count as theirs even past their end, as long as nobody has freed them.
    """
    return _shelf(LOCK_LEVELS, variant_ids, asking)


def lock_idle_shelf(variant_ids: Iterable[int]) -> Shelf:
    """Lock those of the levels that nobody is at, and leave the others be; for a sweep that comes again."""
    return _shelf(LOCK_IDLE_LEVELS, variant_ids, asking=())


def lock_whole_shelf(variant_id: int) -> Shelf:
    """Lock one level with every hold on it."""
    shelf = lock_shelf([variant_id])
    level = shelf.levels[variant_id]
    shelf.holds.update({(level.pk, hold.holder): hold for hold in Hold.objects.filter(level=level)})
    for key in shelf._ended:
        shelf.holds.pop(key, None)
    return shelf


def lock_levels(variant_ids: Iterable[int], *, statement: str = "") -> dict[int, StockLevel]:
    """The levels of these variants, by variant, under lock. What holds there are is not looked at."""
    with connection.cursor() as cursor:
        cursor.execute(statement or LOCK_LEVELS, [list(variant_ids)])
        return {variant_id: StockLevel(pk, variant_id, *counts) for pk, variant_id, *counts in cursor.fetchall()}


def _shelf(lock: str, variant_ids: Iterable[int], asking: Collection[str]) -> Shelf:
    now = clock.now()
    levels = lock_levels(variant_ids, statement=lock)
    here = {level.pk for level in levels.values()}
    with connection.cursor() as cursor:
        cursor.execute(HOLDS_THAT_MATTER, {"levels": list(here), "now": now, "asking": list(asking)})
        holds = [_hold_from(*row) for row in cursor.fetchall()]
    shelf = Shelf(now, levels, {(hold.level_id, hold.holder): hold for hold in holds if hold.level_id in here})
    elsewhere = [hold for hold in holds if hold.level_id not in here and hold.expires_at > now]
    shelf.pieces_elsewhere = sum(hold.quantity for hold in elsewhere)
    lapsed = [hold for hold in shelf.holds.values() if hold.expires_at <= now and hold.holder not in asking]
    for hold in lapsed:
        shelf.end(hold)
    shelf.freed = len(lapsed)
    return shelf


def _hold_from(
    pk: int,
    level_id: int,
    holder: str,
    moved_from: str,
    quantity: int,
    kind: str,
    expires_at: datetime,
    created_at: datetime,
) -> Hold:
    return Hold(
        pk=pk, level_id=level_id, holder=holder, moved_from=moved_from, quantity=quantity, kind=kind,
        expires_at=expires_at, created_at=created_at,
    )  # fmt: skip


def _sku(variant_id: int) -> str:
    return Variant.objects.values_list("sku", flat=True).get(pk=variant_id)
