from __future__ import annotations

from typing import Protocol

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.types import Taxed, TaxTold


class TaxOffice(Protocol):
    """Knows local tax rates, and keeps the books for whoever files the taxes. Called outside any transaction.

    Raises TaxUnavailable when no answer came that can be used, and TaxRefused when it will not, ever.
    """

    code: str

    def calculate(self, taxed: Taxed) -> TaxTold | None:
        """What the tax of this basket is; None where the provider knows the place, or the shop there, not. Somebody
        waits for it: answers, or gives up, within two seconds."""
        ...

    def file_sale(self, calculation: str, *, reference: str) -> str:
        """Book a calculation as a paid sale; gives the id of the booking. `reference` makes a repeat harmless."""
        ...

    def file_return(self, booking: str, amount: Money, *, reference: str) -> str:
        """Book that so much of a sale went back, tax included; gives the id. `reference` makes a repeat harmless."""
        ...

    def file_whole_return(self, booking: str, *, reference: str) -> str:
        """Book that all of a sale went back; gives the id."""
        ...

    def file_anew(self, booking: str, amount: Money, *, reference: str) -> str:
        """Book a sale of this amount once more, as it was, because it came back in the books and not in truth; gives
        the id. `reference` makes a repeat harmless."""
        ...
