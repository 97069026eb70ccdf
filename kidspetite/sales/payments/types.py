from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kidspetite.foundation.kernel.money import Money


class Result(StrEnum):
    CAPTURED = "captured"
    REQUIRES_ACTION = "requires_action"
    UNKNOWN = "unknown"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Charge:
    """What a gateway is asked to take. `key` makes asking twice harmless; `method` is its own token."""

    key: str
    amount: Money
    method: str
    order_number: str
    return_url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a gateway says about a charge. `reason` only with DECLINED, `next_action_url` only with REQUIRES_ACTION."""

    result: Result
    reference: str = ""
    reason: str = ""
    next_action_url: str = ""
    label: str = ""
