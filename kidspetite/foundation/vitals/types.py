from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Vital(StrEnum):
    """What browsers measure of a visit (web.dev/vitals). All are milliseconds, but for CLS, which has no unit."""

    LCP = "LCP"
    """When the largest picture or text stood there."""
    INP = "INP"
    """How long the slowest press or key waited for an answer."""
    CLS = "CLS"
    """How much moved by itself."""
    FCP = "FCP"
    """When anything at all stood there."""
    TTFB = "TTFB"
    """When the first byte came."""


class PageKind(StrEnum):
    """What kind of page it was. Its address is never told."""

    HOME = "home"
    LIST = "list"
    PRODUCT = "product"
    CART = "cart"
    CHECKOUT = "checkout"
    ACCOUNT = "account"
    SEARCH = "search"
    OTHER = "other"


class Device(StrEnum):
    PHONE = "phone"
    TABLET = "tablet"
    DESKTOP = "desktop"


class Verdict(StrEnum):
    """Where a number stands between the published thresholds."""

    GOOD = "good"
    FAIR = "fair"
    """Published as "needs improvement"."""
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Visit:
    """How one page felt to one visitor; in it is nothing of who that was."""

    page: PageKind
    device: Device
    felt: Mapping[Vital, float]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Visits whose number lies above `over` and not above `upto`: milliseconds, for CLS thousandths."""

    over: int
    upto: int
    visits: int


@dataclass(frozen=True, slots=True)
class Figure:
    """What many visits say together. `p75`: three of four visits were no worse; None without any. `good`, `fair` and
    `poor` are how many visits lay between which thresholds."""

    vital: Vital
    visits: int
    p75: int | None
    good: int
    fair: int
    poor: int
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure, and the same of as many days before."""

    now: Figure
    before: Figure


@dataclass(frozen=True, slots=True)
class Report:
    """The last days: every vital over the whole shop, and by kind of page where there were visits."""

    days: int
    whole: Mapping[Vital, Pair]
    pages: Mapping[Vital, Mapping[PageKind, Pair]]


@dataclass(frozen=True, slots=True)
class SlowPage:
    """A kind of page that is slower than it should be, as a letter tells it."""

    page: PageKind
    now: Figure
    before: Figure
