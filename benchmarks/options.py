"""How every bench reads numbers and names from its command line, and what it says of those that do not fit."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable

LEAST_PRODUCTS, MOST_PRODUCTS = 100, 1_000_000
MOST_SECONDS, MOST_CONNECTIONS = 600, 256


def whole_numbers(what: str, *, least: int, most: int) -> Callable[[str], tuple[int, ...]]:
    """Some of them, with commas."""

    def read(text: str) -> tuple[int, ...]:
        words = [word.strip().replace("_", "") for word in text.split(",")]
        if not all(word.isascii() and word.isdecimal() and least <= int(word) <= most for word in words):
            raise ArgumentTypeError(f"{text!r} does not fit; {what} are whole numbers from {least:,} to {most:,}")
        return tuple(int(word) for word in words)

    return read


def whole_number(what: str, *, least: int, most: int) -> Callable[[str], int]:
    """Just one."""
    read_all = whole_numbers(what, least=least, most=most)

    def read(text: str) -> int:
        if "," in text:
            raise ArgumentTypeError(f"{text!r} does not fit; give one number")
        return read_all(text)[0]

    return read


read_sizes = whole_numbers("products", least=LEAST_PRODUCTS, most=MOST_PRODUCTS)
read_seconds = whole_number("seconds", least=1, most=MOST_SECONDS)
read_connections = whole_numbers("connections", least=1, most=MOST_CONNECTIONS)


def some_of(names: Iterable[str], what: str) -> Callable[[str], tuple[str, ...]]:
    """Names that there are, with commas."""
    known = tuple(names)

    def read(text: str) -> tuple[str, ...]:
        chosen = tuple(word.strip() for word in text.split(","))
        if unknown := [name for name in chosen if name not in known]:
            raise ArgumentTypeError(f"there is no {what} {unknown[0]!r}; there are {', '.join(known)}")
        return chosen

    return read
