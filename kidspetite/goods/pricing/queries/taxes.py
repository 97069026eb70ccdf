"""Answers of the provider of local rates that are at hand, and bookings that are still to be sent."""

from __future__ import annotations

from datetime import timedelta

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing import wiring
from kidspetite.goods.pricing.models import KeptTax, TaxFiling
from kidspetite.goods.pricing.rules.taxing import TABLE, taxed_of
from kidspetite.goods.pricing.types import Destination, Quote, TaxAnswer, Taxed, TaxTable, TaxTold

GOOD_FOR = timedelta(hours=12)
"""Rates change at midnight, seldom; a basket is bought within the hour, mostly."""
AT_ONCE = 200


def tax_offices() -> list[str]:
    """The providers of local rates that are switched on; there is one at most."""
    return wiring.codes("tax")


def asks_tax_office() -> bool:
    """Whether a provider of local rates is switched on."""
    return bool(tax_offices())


def tax_question(price: Quote, destination: Destination | None) -> Taxed | None:
    """What the provider is to be asked about this quote; None where there is nobody to ask, or nothing to collect."""
    if price.tax_basis is None or destination is None or not asks_tax_office():
        return None
    taxed = taxed_of(price, destination)
    is_something = taxed.shipping or any(line.net for line in taxed.lines)
    return taxed if is_something and destination.postal_code else None


def tax_answer(price: Quote, destination: Destination | None, otherwise: TaxTable) -> TaxAnswer | None:
    """The answer at hand for this very basket; None for none that is fresh enough."""
    taxed = tax_question(price, destination)
    kept = KeptTax.objects.filter(print=taxed.print, at__gt=clock.now() - GOOD_FOR).first() if taxed else None
    if kept is None:
        return None
    lines = tuple(Money(cents) for cents in kept.lines_minor)
    told = TaxTold(lines, Money(kept.shipping_minor), kept.rate, kept.reference)
    return TaxAnswer(kept.print, kept.source, told, otherwise)


def is_answered(taxed: Taxed) -> bool:
    return KeptTax.objects.filter(print=taxed.print, at__gt=clock.now() - GOOD_FOR).exists()


def is_by_table(price: Quote) -> bool:
    """Whether this quote's tax is that of the state's rule."""
    return price.tax_basis is not None and price.tax_basis.source == TABLE


def filings_to_send() -> list[int]:
    """Bookings that were written down and not answered, the oldest first; a sale comes before its returns."""
    rows = TaxFiling.objects.filter(status=TaxFiling.Status.INTENDED).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])
