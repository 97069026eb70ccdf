from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from kidspetite.foundation.notifications.types import Letter, PostNote, ProviderTemplate, Text, TextAnswer


class Postman(Protocol):
    """Takes letters. Called outside any transaction.

    Raises PostUnreachable when it may help to try again, PostRefused when it does not.
    """

    code: str

    def deliver(self, letter: Letter) -> str:
        """Hand one letter over; returns the provider's id of it, or an empty string where there is none."""
        ...


class PostNews(Protocol):
    """A postman that tells afterwards what became of its letters."""

    def opened(self, raw: bytes, headers: Mapping[str, str]) -> tuple[PostNote, ...]:
        """What a message of the provider says, once its signature is found right for these very bytes. Raises
        NewsRefused."""
        ...


class TemplateShelf(Protocol):
    """Keeps templates that a postman of the same house fills in. Called outside any transaction.

    Raises PostUnreachable and TemplatesRefused. `chosen` are the ids that are switched on, by kind of letter.
    """

    chosen: Mapping[str, str]

    def kept(self) -> dict[str, str]:
        """The ids of all its templates by name."""
        ...

    def add(self, name: str) -> str:
        """A new template, still empty; gives its id."""
        ...

    def write(self, template_id: str, template: ProviderTemplate, *, name: str) -> None:
        """A new version, used from now on."""
        ...

    def read(self, template_id: str) -> ProviderTemplate | None:
        """The version in use; None where there is none."""
        ...


class Texter(Protocol):
    """Takes texts. Called outside any transaction.

    Raises TextUnanswered when it may help to try again, TextRefused when it does not; NumberStopped and
    NumberGetsNoTexts say that no text will ever arrive there.
    """

    code: str

    def deliver(self, text: Text) -> str:
        """Hand one text over; returns the provider's id of it."""
        ...

    def taken(self, text: Text, *, since: datetime) -> str | None:
        """The provider's id of this very text if it took it since then: asked before a second try, for an answer may
        have been lost. None when it did not."""
        ...


class TextNews(Protocol):
    """A texter that tells afterwards what became of its texts, and hands over what phones answer."""

    def opened(self, raw: bytes, headers: Mapping[str, str], *, url: str) -> PostNote | TextAnswer:
        """What a message of the provider says, once its signature is found right for these very bytes at this very
        address. Raises NewsRefused."""
        ...
