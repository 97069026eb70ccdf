"""How long what a page says stays true by the clock alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime


@dataclass
class Life:
    """`until` is the first moment at which something that was read turns untrue; None when nothing said so."""

    until: datetime | None = None


_life: ContextVar[Life | None] = ContextVar("shelf_life", default=None)


@contextmanager
def watched() -> Iterator[Life]:
    """Collect what is said by `holds_until` inside the block."""
    life = Life()
    token = _life.set(life)
    try:
        yield life
    finally:
        _life.reset(token)


def holds_until(moment: datetime | None) -> None:
    """Say that what was just read turns untrue at a moment, such as a cut-off or the end of a promotion. A shared page
    then lives no longer. Costs nothing where nobody watches."""
    life = _life.get()
    if life and moment and (life.until is None or moment < life.until):
        life.until = moment
