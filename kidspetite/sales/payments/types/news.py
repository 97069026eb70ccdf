"""What providers tell by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kidspetite.foundation.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ProviderMessage:
    """A webhook whose sender has been proved. `external_id` makes a second delivery harmless."""

    external_id: str
    kind: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChargeName:
    """By what a provider's message names a charge: our key, its reference, or both."""

    key: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class DisputeTold:
    """A shopper's bank wants money back: what the provider told of it, when, and how it stands in its words."""

    reference: str
    amount_minor: int
    reason: str
    status: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundTold:
    """A refund as the provider tells of it. `key` is ours where we asked for it, and empty where somebody gave it back
    at the provider's own desk."""

    reference: str
    amount: Money
    has_failed: bool
    key: str = ""
