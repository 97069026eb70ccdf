from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessageQueued:
    """A letter or a text was written and waits for the post."""

    message_id: int


@dataclass(frozen=True, slots=True)
class TextsConfirmed:
    """The owner of a phone said yes to texts about orders."""

    consent_id: int
