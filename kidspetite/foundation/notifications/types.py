from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from kidspetite.foundation.kernel.money import Money


class Channel(StrEnum):
    """How a message travels: as a letter to a mailbox, or as a text to a phone."""

    MAIL = "mail"
    TEXT = "text"


class Topic(StrEnum):
    """What somebody can want messages about. What they asked for or have to know is SERVICE, and needs no consent."""

    SERVICE = "service"
    NEWSLETTER = "newsletter"
    BACK_IN_STOCK = "back_in_stock"
    ORDER_TEXTS = "order_texts"
    """Texts to a phone about orders; letters about them come in any case."""
    REMINDERS = "reminders"
    """Of a basket that was left."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person, ready to be sent. `key` names the fact it tells, so that it is told once;
    `subject_key` names what it is about (`order:KP-…`), so that it can be withdrawn; `guard` names who is asked at the
    moment of sending whether it is still wanted; under a `topic` other than SERVICE it goes to those who want that, and
    `unsubscribe_url` ends it with one click (RFC 8058). `fields` are the same words for templates that a provider
    keeps, JSON-able."""

    key: str
    kind: str
    to: str
    subject: str
    text: str
    html: str = ""
    subject_key: str = ""
    guard: str = ""
    topic: Topic = Topic.SERVICE
    unsubscribe_url: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


class Case(StrEnum):
    """What a sample of a letter is about: what the shop has, or what breaks weak letters."""

    REAL = "real"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class Text:
    """One message to one phone. `to` is a number such as +12125550123, `key`, `subject_key` and `guard` are as on a
    letter; `place` is the ZIP or the state where its reader lives, if that is known: it says when it is night there.
    A question or an answer is of the topic SERVICE; whatever else goes only to who said yes."""

    key: str
    kind: str
    to: str
    words: str
    subject_key: str = ""
    guard: str = ""
    topic: Topic = Topic.ORDER_TEXTS
    place: str = ""


class TextState(StrEnum):
    """Where a number stands with our texts."""

    NONE = "none"
    ASKED = "asked"
    """Asked by text, and has not answered yet."""
    GIVEN = "given"
    STOPPED = "stopped"
    """Answered STOP. Only START, sent from that phone, opens it again."""
    NO_TEXTS = "no_texts"
    """A landline, or a number that nobody has."""


class Said(StrEnum):
    """What somebody answered to a text."""

    YES = "yes"
    STOP = "stop"
    HELP = "help"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """What came from a phone. `provider_id` makes a second telling harmless, for ever."""

    provider_id: str
    number: str
    said: Said
    words: str


@dataclass(frozen=True, slots=True)
class TextLimits:
    """What texts may cost in a day (UTC). A country that is not named gets none; segments are what carriers bill."""

    messages_a_number: int
    segments_by_country: Mapping[str, int]
    segments: int
    night: tuple[time, time]
    """From when until when nobody is texted, by the clock where they are."""


class News(StrEnum):
    """What became of a message, as its provider tells it."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    REFUSED = "refused"
    """Not taken this time; the next letter may be."""
    BOUNCED = "bounced"
    """There is no such mailbox."""
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class PostNote:
    """One thing that a provider tells of one letter. `external_id` makes a second telling harmless; `letter_key` and
    `provider_id` say which letter, either may be empty."""

    external_id: str
    news: News
    to: str
    letter_key: str = ""
    provider_id: str = ""
    words: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants, or wants no more, letters about what: as a link in a letter carries it."""

    address: str
    topic: Topic


@dataclass(frozen=True, slots=True)
class ProviderTemplate:
    """A kind of letter as a mail provider keeps it, with places for fields; `sample` fills them in trials, as JSON."""

    subject: str
    html: str
    text: str
    sample: str = ""


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """What is wrong with a template in use: it cannot be had (`fault`), or it shows fields that are `unknown`."""

    kind: str
    template_id: str
    fault: str = ""
    unknown: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the shop's facts as they stand at the foot of a letter."""

    shop_name: str
    shop_url: str
    email: str = ""
    phone: str = ""
    address_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's own words, such as a gift message."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they are: an address, a delivery date. Values may have several lines."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """A `quantity` of 0 is not shown: then the line is no piece, but an order."""

    name: str
    detail: str
    quantity: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Goods:
    """A bill: lines, then sums, each an amount or a word for it such as "free". The last sum is the total."""

    lines: tuple[GoodsLine, ...]
    sums: tuple[tuple[str, Money | str], ...]


@dataclass(frozen=True, slots=True)
class PencilMarks:
    """Steps with their day; None is still to come."""

    marks: tuple[tuple[str, date | datetime | None], ...]


type Part = Paragraph | Quotation | Button | Facts | Goods | PencilMarks


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a letter says, part by part. `preheader` is the line an inbox shows beside the subject."""

    title: str
    preheader: str
    parts: tuple[Part, ...]
    footnote: str = ""
