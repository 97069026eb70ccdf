from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebhookReceived:
    """A provider told us something; its entry is in the inbox."""

    entry_id: int
    provider: str
    kind: str
