"""The cache that a content delivery network keeps of us, in our words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kidspetite.foundation.plumbing.wiring import codes, provider


class CdnBusy(Exception):
    """It did not purge: out of reach, or asked too often. Asking again later is harmless."""


class Cdn(Protocol):
    """Drops copies of our pages. Both calls may be repeated; raise CdnBusy, and never look into a transaction."""

    code: str

    def purge(self, tags: Sequence[str]) -> None: ...

    def purge_everything(self) -> None: ...


def cdn() -> Cdn | None:
    """The network before the shop, or None where there is none."""
    if not codes("cdn"):
        return None
    found: Cdn = provider("cdn")
    return found
