from __future__ import annotations

from kidspetite.foundation.accounts import operations as people
from kidspetite.foundation.accounts.types import AddressNote, AddressOutcome, PostalAddress
from kidspetite.journeys.checkout import rules
from kidspetite.journeys.checkout.types import AddressQuestion, SettledAddress


def settle_address(place: PostalAddress, *, answer: str = "", asked: str = "") -> SettledAddress | AddressQuestion:
    """Where a parcel goes: what the checker would write instead is offered once, and whoever typed has the last word.

    `answer` is "better" or "mine", for the question named `asked`. Up to two seconds of network: never inside a
    transaction.
    """
    verdict = people.check_address(place)
    if verdict.outcome != AddressOutcome.SUGGESTED or verdict.suggestion is None:
        return SettledAddress(place, ",".join(verdict.notes))
    about = rules.mark_of(place)
    if asked == about and answer == "better":
        return SettledAddress(verdict.suggestion)
    if asked == about and answer == "mine":
        return SettledAddress(place, ",".join([*verdict.notes, AddressNote.KEPT_AS_TYPED]))
    return AddressQuestion(place, verdict.suggestion, about)
