"""A shelf under lock: look at it as it is, change it in memory, put it back in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.foundation.plumbing.recipes import ask_kept
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.models import Band, Variant
from kidspetite.goods.inventory.errors import OutOfStock, Shortage
from kidspetite.goods.inventory.events import PiecesFree
from kidspetite.goods.inventory.models import Hold, Movement, StockLevel
from kidspetite.goods.inventory.operations.statements import (
    AND_THOSE_OF_THE_CLIENT,
    HOLDS_THAT_MATTER,
    LOCK_IDLE_LEVELS,
    LOCK_LEVELS,
    PUT_BACK,
)
from kidspetite.goods.inventory.queries.waiting import somebody_waits
from kidspetite.goods.inventory.rules import band_of

SHOPPER = "shopper"
GONE = (Band.HELD, Band.SOLD_OUT)
LAPSED = ("lapsed", "clock")


@dataclass(slots=True)
class Move:
    """A row of the ledger to be. `quantity` changes what is on hand, `promised` what is held."""

    level_id: int
    kind: str
    quantity: int = 0
    promised: int = 0
    reason: str = ""
    cause: str = ""
    actor: str = ""


@dataclass
class Shelf:
    """Some levels under lock, by variant, and the holds on them that matter, by level and holder.

    `pieces_elsewhere` is what those who ask hold of other variants, and what other baskets of their client hold.
    """

    now: datetime
    levels: dict[int, StockLevel]
    holds: dict[tuple[int, str], Hold]
    pieces_elsewhere: int = 0
    freed: int = 0
    _bands: dict[int, Band] = field(default_factory=dict)
    _by_pk: dict[int, StockLevel] = field(default_factory=dict)
    _ended: dict[tuple[int, str], Hold] = field(default_factory=dict)
    _held: dict[tuple[int, str], Hold] = field(default_factory=dict)
    _moves: list[Move] = field(default_factory=list)
    _before: dict[tuple[int, str], int] = field(default_factory=dict)
    _why: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)

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
        client: str = "",
    ) -> None:
        """Make the holder's hold exactly so many pieces; none ends it."""
        if not pieces:
            self.let_go(holder, variant_id)
            return
        level, key = self.levels[variant_id], (self.levels[variant_id].pk, holder)
        hold = self.holds.setdefault(key, Hold(level_id=level.pk, holder=holder, quantity=0))
        self._before.setdefault(key, hold.quantity)
        level.reserved += pieces - hold.quantity
        hold.quantity, hold.kind, hold.moved_from, hold.expires_at = pieces, kind, moved_from, until
        hold.client = client
        self._held[key] = hold

    def let_go(self, holder: str, variant_id: int, *, reason: str = "", by: str = SHOPPER) -> None:
        if hold := self._hold(holder, variant_id):
            self.end(hold, reason=reason, by=by)

    def end(self, hold: Hold, *, reason: str = "", by: str = SHOPPER) -> None:
        key = (hold.level_id, hold.holder)
        self._before.setdefault(key, hold.quantity)
        self._why[key] = (reason, by)
        self._by_pk[hold.level_id].reserved -= hold.quantity
        self._ended[key] = self.holds.pop(key)
        self._held.pop(key, None)

    def move(
        self, variant_id: int, pieces: int, *, kind: str, reason: str = "", cause: str = "", actor: str = ""
    ) -> None:
        """Put pieces on the shelf, or take them off, and write down why."""
        level = self.levels[variant_id]
        level.on_hand += pieces
        self._moves.append(Move(level.pk, kind, pieces, reason=reason[:200], cause=cause, actor=actor))

    def is_short_of(self, pieces: int, variant_id: int, *, holders: Collection[str]) -> bool:
        """Whether these holders together cannot have so many, with what is free and what they hold."""
        return pieces > self.free(variant_id) + sum(self.held_by(holder, variant_id) for holder in holders)

    def refuse_if_short(self, wanted: Mapping[int, int], *, holders: Collection[str]) -> None:
        """All or nothing: raises OutOfStock when one variant is short."""
        short = [variant_id for variant_id, n in wanted.items() if self.is_short_of(n, variant_id, holders=holders)]
        if short:
            raise OutOfStock([self._shortage(variant_id, holders) for variant_id in short])

    def put_back(self) -> None:
        """Write what changed and why, and tell the catalogue of each variant whose band is another one now."""
        if not (self._ended or self._held or self._moves):
            return
        held, levels, moves = list(self._held.values()), list(self.levels.values()), self._ledger()
        ask_kept(
            PUT_BACK,
            {
                "now": self.now,
                "ended": [hold.pk for hold in self._ended.values() if hold.pk],
                "hold_levels": [hold.level_id for hold in held],
                "holders": [hold.holder for hold in held],
                "origins": [hold.moved_from for hold in held],
                "clients": [hold.client for hold in held],
                "pieces": [hold.quantity for hold in held],
                "kinds": [str(hold.kind) for hold in held],
                "ends": [hold.expires_at for hold in held],
                "moved_levels": [move.level_id for move in moves],
                "moves": [str(move.kind) for move in moves],
                "moved_pieces": [move.quantity for move in moves],
                "promised": [move.promised for move in moves],
                "reasons": [move.reason for move in moves],
                "causes": [move.cause for move in moves],
                "actors": [move.actor for move in moves],
                "levels": [level.pk for level in levels],
                "on_hand": [level.on_hand for level in levels],
                "reserved": [level.reserved for level in levels],
            },
        )
        self._tell_bands()

    def _ledger(self) -> list[Move]:
        """What was held and released, then what moved. A sale of what its order held ends that hold too."""
        sales = {(move.level_id, move.cause): move for move in self._moves if move.kind == Movement.Kind.SOLD}
        promises = []
        for key, before in self._before.items():
            change = (self.holds[key].quantity if key in self.holds else 0) - before
            if change < 0 and key in sales:
                sales[key].promised = change
            elif change:
                reason, actor = self._why.get(key, ("", SHOPPER)) if change < 0 else ("", SHOPPER)
                kind = Movement.Kind.HELD if change > 0 else Movement.Kind.RELEASED
                promises.append(Move(key[0], kind, promised=change, reason=reason[:200], cause=key[1], actor=actor))
        return promises + self._moves

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
            self._tell_who_waits([pk for pk, band in changed.items() if self._bands[pk] in GONE and band not in GONE])

    def _tell_who_waits(self, variant_ids: list[int]) -> None:
        if variant_ids and somebody_waits(variant_ids):
            publish(PiecesFree(tuple(variant_ids)))

    def _bands_now(self) -> dict[int, Band]:
        levels = self.levels.items()
        return {variant_id: band_of(level.available, held=level.reserved) for variant_id, level in levels}


def lock_shelf(
    variant_ids: Iterable[int],
    *,
    asking: Collection[str] = (),
    client: str = "",
    locked: Mapping[int, StockLevel] | None = None,
) -> Shelf:
    """Lock the levels of these variants in primary-key order, then look: what has lapsed is free from here on.

    The holds of those who are asking count as theirs even past their end, as long as nobody has freed them.
    What other baskets of `client` hold is counted as theirs elsewhere: everything committed before these levels were
    locked, so that the count is exact for one shelf, and misses what the same client asks of other shelves meanwhile.
    `locked` are these levels as `lock_levels` gave them to this transaction, which has not changed them since.
    """
    levels = dict(locked) if locked is not None else lock_levels(variant_ids)
    return _looked_at(levels, asking, client)


def lock_idle_shelf(variant_ids: Iterable[int]) -> Shelf:
    """Lock those of the levels that nobody is at, and leave the others be; for a sweep that comes again."""
    return _looked_at(lock_levels(variant_ids, statement=LOCK_IDLE_LEVELS), ())


def lock_whole_shelf(variant_ids: Iterable[int]) -> Shelf:
    """Lock levels with every hold on them."""
    shelf = lock_shelf(variant_ids)
    known = {hold.pk for hold in (*shelf.holds.values(), *shelf._ended.values())}
    for hold in Hold.objects.filter(level__in=shelf._by_pk):
        if hold.pk not in known:
            shelf.holds[hold.level_id, hold.holder] = hold
    return shelf


def lock_levels(variant_ids: Iterable[int], *, statement: str = "") -> dict[int, StockLevel]:
    """The levels of these variants, by variant, under lock. What holds there are is not looked at."""
    rows = ask_kept(statement or LOCK_LEVELS, [list(variant_ids)])
    return {variant_id: StockLevel(pk, variant_id, on_hand, reserved) for pk, variant_id, on_hand, reserved in rows}


def _looked_at(levels: dict[int, StockLevel], asking: Collection[str], client: str = "") -> Shelf:
    now = clock.now()  # not before: who waited would write an earlier moment than those who went before them
    told = {"levels": [level.pk for level in levels.values()], "now": now, "asking": list(asking), "client": client}
    found = ask_kept(HOLDS_THAT_MATTER + AND_THOSE_OF_THE_CLIENT if client else HOLDS_THAT_MATTER, told)
    holds = [_hold_from(*row) for row in found if row[1]]
    shelf = Shelf(now, levels, {(hold.level_id, hold.holder): hold for hold in holds})
    shelf.pieces_elsewhere = sum(row[5] for row in found if not row[1])
    lapsed = [hold for hold in shelf.holds.values() if hold.expires_at <= now and hold.holder not in asking]
    for hold in lapsed:
        shelf.end(hold, reason=LAPSED[0], by=LAPSED[1])
    shelf.freed = len(lapsed)
    return shelf


def _hold_from(
    pk: int,
    level_id: int,
    holder: str,
    moved_from: str,
    client: str,
    quantity: int,
    kind: str,
    expires_at: datetime,
    created_at: datetime,
) -> Hold:
    return Hold(
        pk=pk, level_id=level_id, holder=holder, moved_from=moved_from, client=client, quantity=quantity,
        kind=kind, expires_at=expires_at, created_at=created_at,
    )  # fmt: skip


def _sku(variant_id: int) -> str:
    return Variant.objects.values_list("sku", flat=True).get(pk=variant_id)
