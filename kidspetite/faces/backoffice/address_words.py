"""What whoever packs a parcel should know of its address."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.accounts.types import AddressNote

WORDS = {
    AddressNote.PO_BOX: _("A PO box: only the postal service delivers there."),
    AddressNote.MILITARY: _("Military post: by the postal service, with a customs form."),
    AddressNote.RURAL_ROUTE: _("A rural route: by the postal service."),
    AddressNote.NO_HOUSE_NUMBER: _("Check the address: it has no house number."),
    AddressNote.APARTMENT_MISSING: _("Check the address: the apartment is missing."),
    AddressNote.CITY_MISMATCH: _("Check the address: the city does not belong to the ZIP code."),
    AddressNote.ZIP_STATE_MISMATCH: _("Check the address: ZIP code and state do not belong together."),
    AddressNote.ZIP_UNKNOWN: _("Check the address: nobody knows this ZIP code."),
    AddressNote.STREET_UNKNOWN: _("Check the address: nobody knows this street."),
    AddressNote.KEPT_AS_TYPED: _("The customer was shown another spelling and kept their own."),
}


def doubts_of(note: str) -> list[str]:
    """Sentences for the codes that an order's address carries, in their order; unknown codes say nothing."""
    return [str(WORDS[AddressNote(code)]) for code in note.split(",") if code in AddressNote]
