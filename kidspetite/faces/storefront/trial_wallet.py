"""A wallet of the sandbox's own: made-up addresses and cards, so that paying in one step can be tried without any."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

CARDS = (
    ("tok_wallet", _("A card that pays")),
    ("tok_declined", _("A card that is declined")),
    ("tok_3ds", _("A card whose bank asks first")),
)


@dataclass(frozen=True)
class TrialAddress:
    """A place in this wallet; nobody lives there."""

    key: str
    line1: str
    city: str
    state: str
    postal_code: str
    name: str = "Robin Trial"
    email: str = "robin@trial.example"

    @property
    def words(self) -> str:
        return f"{self.name}, {self.line1}, {self.city}, {self.state} {self.postal_code}"


ADDRESSES = (
    TrialAddress("ny", "1 Trial Street", "Brooklyn", "NY", "11201"),
    TrialAddress("or", "2 Trial Avenue", "Portland", "OR", "97205"),
    TrialAddress("hi", "3 Trial Road", "Honolulu", "HI", "96813"),
)


def address_of(key: str) -> TrialAddress:
    return next((address for address in ADDRESSES if address.key == key), ADDRESSES[0])
