from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from kidspetite.foundation.notifications.types import Letter, PostNote, ProviderTemplate


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
