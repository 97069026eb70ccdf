from __future__ import annotations

from datetime import datetime

from kidspetite.foundation.notifications.types import Letter, Text


class Outbox:
    """The Postman port without a post office: the letter stays in its row, where the outbox page shows it."""

    code = "outbox"

    def deliver(self, letter: Letter) -> str:
        return f"outbox:{letter.key}"


class TextOutbox:
    """The Texter port without a provider: the text stays in its row, and the outbox page answers for the phone."""

    code = "outbox"

    def deliver(self, text: Text) -> str:
        return f"outbox:{text.key}"

    def taken(self, text: Text, *, since: datetime) -> str | None:
        return None
