"""How far the seeding is: a bar on a terminal, a line a step elsewhere, nothing when JSON is wanted."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

type Advance = Callable[[int], None]


class Bars:
    """A bar a step, for people who watch."""

    def __init__(self, out: TextIO) -> None:
        self._console = Console(file=out)

    @contextmanager
    def step(self, words: str, total: int) -> Iterator[Advance]:
        columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(words, total=total)
            yield partial(progress.advance, task)


class Lines:
    """A line a step, for logs."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    @contextmanager
    def step(self, words: str, total: int) -> Iterator[Advance]:
        began = time.monotonic()
        yield _nothing
        print(f"{words}: {total:,} in {time.monotonic() - began:.1f} s", file=self._out, flush=True)


class Silence:
    @contextmanager
    def step(self, words: str, total: int) -> Iterator[Advance]:
        yield _nothing


def _nothing(done: int) -> None:
    pass


def teller(*, quiet: bool, out: TextIO = sys.stdout) -> Bars | Lines | Silence:
    if quiet:
        return Silence()
    return Bars(out) if out.isatty() else Lines(out)
