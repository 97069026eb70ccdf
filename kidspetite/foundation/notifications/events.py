from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessageQueued:
    """A letter was written and waits for the post."""

    message_id: int
