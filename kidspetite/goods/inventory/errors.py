from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kidspetite.foundation.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotFound, Words


@dataclass(frozen=True, slots=True)
class Shortage:
    """A variant of which more was asked for than there is. `available` is the most this holder could have, `held` is
    what others have in a basket or are paying for."""

    sku: str
    available: int
    held: int


class OutOfStock(Conflict):
    """More was asked for than is free. Facts are those of the first shortage; `short` lists them all."""

    code = "inventory.out_of_stock"
    message = _("We have fewer of this than you asked for.")

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        first = shortages[0]
        super().__init__(_sentence(first), **asdict(first), short=[asdict(shortage) for shortage in shortages])


class FirmHoldsExceed(Conflict):
    """The shelf cannot be set below what people are paying for right now."""

    code = "inventory.firm_holds_exceed"
    message = _("More pieces are being paid for right now than that. Wait for those orders, or cancel them.")

    def __init__(self, *, sku: str, on_hand: int, firm: int) -> None:
        super().__init__(sku=sku, on_hand=on_hand, firm=firm)


class ChangesRefused(Conflict):
    """Of several changes of shelves at least one cannot be, so none was made. `refused` says why, by variant."""

    code = "inventory.changes_refused"
    message = _("Nothing was changed: some shelves cannot be what you asked for.")

    def __init__(self, refused: Mapping[int, DomainError]) -> None:
        self.refused = dict(refused)
        super().__init__(refused=[{"variant_id": key, "code": error.code} for key, error in refused.items()])


class NoSuchSheet(NotFound):
    """The sheet was thrown away, or never was."""

    code = "inventory.no_such_sheet"
    message = _("This sheet is not there any more.")


class SheetApplied(Conflict):
    """A sheet that was applied is a record; it takes no more counts."""

    code = "inventory.sheet_applied"
    message = _("This sheet was applied already. Start a new one.")


class NothingToApply(Conflict):
    """A sheet without a line."""

    code = "inventory.nothing_to_apply"
    message = _("Nothing is on this sheet yet.")


class HoldGone(Conflict):
    """A hold was to be sold that has ended, and its pieces may be in other hands."""

    code = "inventory.hold_gone"
    message = _("The pieces of this order are no longer set aside.")


class BadCount(Invalid):
    """A number of pieces that cannot be."""

    code = "inventory.bad_count"
    message = _("Give a whole number of pieces.")

    def __init__(self, field: str, sentence: Words) -> None:
        super().__init__(sentence, errors=(FieldError(field, sentence),))


class NoSuchWait(NotFound):
    """Nobody waits by that name: the link is not ours, or what it was about is long over."""

    code = "inventory.no_such_wait"
    message = _("This link has run out. Ask once more, and we tell you.")


class HereAlready(Conflict):
    """Somebody wants to be told of a piece that can be had now."""

    code = "inventory.here_already"
    message = _("This size is here.")

    def __init__(self, *, sku: str) -> None:
        super().__init__(sku=sku)


class NotSoldAnyMore(Conflict):
    """Somebody wants to be told of a piece that is not for sale."""

    code = "inventory.not_sold"
    message = _("This piece is not sold any more, so there is nothing to tell.")

    def __init__(self, *, sku: str) -> None:
        super().__init__(sku=sku)


class TooManyWaits(Conflict):
    """One address asks for more sizes than anybody dresses children in."""

    code = "inventory.too_many_waits"
    message = _("We already wait for many sizes for that address. End some of them, or say yes in the letters we sent.")


class OfferGone(Conflict):
    """The piece that was set aside is no more: its half hour is over, it was taken, or it was not wanted any more."""

    code = "inventory.offer_gone"
    message = _("The piece that we had set aside is not set aside any more.")


class LowNewsUnclear(Invalid):
    """A choice of letters about what runs low that there is not."""

    code = "inventory.low_news_unclear"
    message = _("Choose one of the three.")


def _sentence(short: Shortage) -> Words:
    if short.available:
        return ngettext_lazy("Only one is left.", "Only %(n)d are left.", short.available) % {"n": short.available}
    if short.held:
        return _("The last ones are in someone's basket just now.")
    return _("This size is sold out.")
