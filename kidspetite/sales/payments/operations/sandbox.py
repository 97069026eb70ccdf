"""The doors to the sandbox bank's own page; closed when the sandbox is off."""

from __future__ import annotations

from typing import Any

from kidspetite.foundation.plumbing import wiring
from kidspetite.sales.payments.errors import NoSuchChallenge
from kidspetite.sales.payments.types import Challenge, Decision


def challenge(reference: str) -> Challenge:
    """What the sandbox bank asks the shopper. Raises NoSuchChallenge."""
    found: Challenge = _sandbox(reference).challenge(reference)
    return found


def decide(reference: str, decision: Decision) -> str:
    """Give the shopper's answer to the sandbox bank, which tells us by webhook; gives the address to go back to."""
    back: str = _sandbox(reference).decide(reference, Decision(decision))
    return back


def settle_late() -> int:
    """Let the sandbox bank decide what it kept waiting; nothing where it is off."""
    return _sandbox().settle_late() if "sandbox" in wiring.codes("payments") else 0


def _sandbox(reference: str = "") -> Any:
    """The bank, or for a card that is to be kept its vault."""
    if "sandbox" not in wiring.codes("payments"):
        raise NoSuchChallenge()
    return wiring.provider("cards" if reference.startswith("card_") else "payments", "sandbox")
