"""Who wants which letters. Whether one is still wanted is asked of the room that wrote it, at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core import signing

from kidspetite.foundation.notifications.errors import LinkUnknown
from kidspetite.foundation.notifications.types import Case, Letter, Topic, Wish

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
