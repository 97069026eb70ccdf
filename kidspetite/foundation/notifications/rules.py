"""Who wants which letters. Whether one is still wanted is asked of the room that wrote it, at the moment of sending.
And what a text is: its alphabet, its parts, the hours in which it may arrive, and what an answer to one means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import zipcodes
from django.core import signing

from kidspetite.foundation.notifications.errors import LinkUnknown
from kidspetite.foundation.notifications.types import Case, Letter, Said, Topic, Wish

# A link that gives consent works this long; one that ends it works for ever, as letters are kept for ever.
CONFIRMED_WITHIN = timedelta(days=14)
GIVES, ENDS = "notifications.gives", "notifications.ends"

type Guard = Callable[[str], bool]
type Drawing = Callable[[Case], Letter]

_guards: dict[str, Guard] = {}
_examples: dict[str, Drawing] = {}


def still_wanted(name: str) -> Callable[[Guard], Guard]:
    """Register a guard under the name that letters carry. It is given the letter's `subject_key` and says whether the
    letter may leave; it runs outside any transaction and must not be slow."""

    def register(guard: Guard) -> Guard:
        _guards[name] = guard
        return guard

    return register


def is_known(name: str) -> bool:
    return name in _guards


def is_still_wanted(name: str, subject_key: str) -> bool:
    return not name or _guards[name](subject_key)


def example(kind: str) -> Callable[[Drawing], Drawing]:
    """Register how a room's letter of this kind looks, in its `messages/examples.py`; it sends and keeps nothing."""

    def register(drawing: Drawing) -> Drawing:
        _examples[kind] = drawing
        return drawing

    return register


def drawings() -> dict[str, Drawing]:
    return dict(sorted(_examples.items()))


def giving_token(wish: Wish) -> str:
    """Says, from the mailbox that it is sent to, that letters are wanted."""
    return signing.dumps([wish.address, wish.topic], salt=GIVES)


def ending_token(wish: Wish) -> str:
    """Ends letters about a topic, without signing in."""
    return signing.dumps([wish.address, wish.topic], salt=ENDS)


def wish_of(token: str, *, salt: str) -> Wish:
    """What a link of ours says. Raises LinkUnknown for one that is changed, of another kind, or too old."""
    try:
        address, topic = signing.loads(token, salt=salt, max_age=CONFIRMED_WITHIN if salt == GIVES else None)
        return Wish(address, Topic(topic))
    except (signing.BadSignature, ValueError) as error:
        raise LinkUnknown() from error


# The alphabet of texts (GSM 03.38): a letter is 7 bits, one of the second row two of them. One strange letter makes the
# whole text UTF-16, and a part then holds 70 units instead of 160.
SEVEN_BITS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€\f")
WHOLE, PART = (160, 70), (153, 67)
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"})
YES_WORDS = frozenset({"yes", "y", "start", "unstop"})
HELP_WORDS = frozenset({"help", "info"})

# Where a number lies that lies anywhere: both ends of the mainland.
ANYWHERE = ("America/New_York", "America/Los_Angeles")


def plain_text(words: str) -> str:
    """Without typography, which would make a text cost twice."""
    return words.translate(PLAIN).strip()


def segments(words: str) -> int:
    """In how many parts a text is sent and billed; an empty one is one."""
    is_plain = all(letter in SEVEN_BITS or letter in TWICE for letter in words)
    sizes = [_units(letter, is_plain=is_plain) for letter in words]
    whole, part = (WHOLE[0], PART[0]) if is_plain else (WHOLE[1], PART[1])
    if sum(sizes) <= whole:
        return 1
    parts, room = 1, part
    for size in sizes:  # a letter is never cut in two
        if size > room:
            parts, room = parts + 1, part
        room -= size
    return parts


def said(words: str) -> Said:
    """What an answer means. STOP counts also with words after it; the rest only alone, so that "cancel my order"
    ends no texts."""
    bare = " ".join(re.sub(r"[^a-z ]+", " ", words.casefold()).split())
    if bare in STOP_WORDS or bare.startswith("stop "):
        return Said.STOP
    if bare in YES_WORDS:
        return Said.YES
    return Said.HELP if bare in HELP_WORDS else Said.OTHER


def zones_at(place: str) -> tuple[str, ...]:
    """The time zones of a ZIP or a state; none for a place that the table lacks."""
    return _zones_at(place.strip().upper()[:5])


def awake_at(now: datetime, zones: Iterable[str], night: tuple[time, time]) -> datetime | None:
    """None when it is day in all of these zones; otherwise the next moment at which it is. Takes and gives UTC."""
    where = [ZoneInfo(zone) for zone in zones]
    moment = now
    for _round in range(4 * len(where)):  # each round moves past one night; zones of one state share their days
        ends = [end for zone in where if (end := _night_ends(moment.astimezone(zone), night))]
        if not ends:
            break
        moment = max(ends).astimezone(now.tzinfo)
    return None if moment == now else moment


def _night_ends(local: datetime, night: tuple[time, time]) -> datetime | None:
    falls, breaks = night
    clock = local.time()
    is_night = falls <= clock or clock < breaks if falls > breaks else falls <= clock < breaks
    if not is_night:
        return None
    day = local.date() + timedelta(days=1) if clock >= breaks else local.date()
    return datetime.combine(day, breaks, local.tzinfo)


def _units(letter: str, *, is_plain: bool) -> int:
    if is_plain:
        return 2 if letter in TWICE else 1
    return len(letter.encode("utf-16-be")) // 2


@lru_cache(maxsize=1024)
def _zones_at(place: str) -> tuple[str, ...]:
    is_zip = len(place) == 5 and place.isascii() and place.isdigit()
    rows = zipcodes.matching(place) if is_zip else zipcodes.filter_by(state=place) if len(place) == 2 else []
    found = {row["timezone"] for row in rows}
    return tuple(sorted(found & available_timezones()))
