from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PiecesFree:
    """Pieces that could not be had can be had again, and somebody waits for them."""

    variant_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PiecesOffered:
    """A piece was set aside for each of these: the wait, and which offer of it this is."""

    offers: tuple[tuple[int, int], ...]
