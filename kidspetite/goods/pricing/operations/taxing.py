"""Asking the provider of local tax rates, and telling it what was sold and what came back. It is called between
transactions, never inside one; when it is slow or down, the state's rate serves."""

from __future__ import annotations

import time

import structlog
from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing import wiring
from kidspetite.foundation.plumbing.lines import a_line
from kidspetite.goods.pricing import queries
from kidspetite.goods.pricing.errors import TaxRefused, TaxUnavailable
from kidspetite.goods.pricing.models import KeptTax, TaxFiling
from kidspetite.goods.pricing.ports import TaxOffice
from kidspetite.goods.pricing.types import Destination, Quote, Taxed, TaxTold

log = structlog.get_logger(__name__)

PATIENCE = 0.15
LEFT_ALONE_FOR = 20.0
"""Seconds in which a provider that has just failed is not asked again by this process: pages stay quick."""
KEPT_FOR = 4 * queries.GOOD_FOR
_next_try = 0.0


def ask_tax(price: Quote, destination: Destination | None) -> bool:
    """Have the local rates for this quote at hand; True when an answer came that the quote has not got yet.

    Calls the provider: never inside a transaction. Two seconds at the most; a silent or failing provider, or no free
    line to it, changes nothing.
    """
    taxed = queries.tax_question(price, destination)
    if taxed is None or not queries.is_by_table(price) or queries.is_answered(taxed):
        return False
    told = _asked(taxed)
    if told is None:
        return False
    _keep(taxed, told)
    return True


def forget_old_taxes() -> int:
    """Delete answers that serve nobody any more; gives how many. Orders carry theirs."""
    return KeptTax.objects.filter(at__lte=clock.now() - KEPT_FOR).delete()[0]


def file_tax(holder: str, *, calculation: str, total: Money, returned: Money) -> None:
    """Bring the provider's books into line with an order: its sale, and what went back so far, be it less than before
    because a refund failed. However often, and in whatever order, it is told the same. Calls the provider: never inside
    a transaction. Raises TaxUnavailable, and a job tells it later."""
    for filing_id in _intended(holder, calculation, total, returned):
        send_filing(filing_id)


def send_filing(filing_id: int) -> None:
    """Send a booking under its key, and note the answer. One that is refused for good is left to staff, in the log."""
    filing = TaxFiling.objects.select_related("sale", "anew_of").get(pk=filing_id)
    if filing.status != TaxFiling.Status.INTENDED:
        return
    if filing.stands_on and filing.stands_on.status == TaxFiling.Status.INTENDED:
        raise TaxUnavailable(why="its sale is not booked yet")
    try:
        status, booking = TaxFiling.Status.DONE, _sent(filing)
    except TaxRefused:
        log.exception("tax_refused", key=filing.key)
        status, booking = TaxFiling.Status.REFUSED, ""
    TaxFiling.objects.filter(pk=filing_id).update(status=status, booking=booking)


def send_filings() -> int:
    """Send all bookings that are still to be sent; gives how many were. One that fails does not stop the others."""
    sent = 0
    for filing_id in queries.filings_to_send() if queries.asks_tax_office() else []:
        try:
            send_filing(filing_id)
        except TaxUnavailable as error:
            log.warning("tax_filing_waits", filing=filing_id, **error.facts)
        else:
            sent += 1
    return sent


def _asked(taxed: Taxed) -> TaxTold | None:
    global _next_try
    if time.monotonic() < _next_try:
        return None
    with a_line(PATIENCE) as is_free:
        if not is_free:
            return None
        try:
            return _office().calculate(taxed)
        except TaxUnavailable as error:
            log.warning("tax_unavailable", **error.facts)
            _next_try = time.monotonic() + LEFT_ALONE_FOR
            return None


def _keep(taxed: Taxed, told: TaxTold) -> None:
    KeptTax.objects.update_or_create(
        print=taxed.print,
        defaults={
            "source": _office().code,
            "lines_minor": [tax.minor for tax in told.lines],
            "shipping_minor": told.shipping.minor,
            "rate": told.rate,
            "reference": told.reference,
            "at": clock.now(),
        },
    )


@transaction.atomic
def _intended(holder: str, calculation: str, total: Money, returned: Money) -> list[int]:
    """What is still to be booked, written down. The lock on the sale keeps two jobs from booking one change twice."""
    TaxFiling.objects.bulk_create(
        [
            TaxFiling(
                key=holder, holder=holder, source=_office().code, calculation=calculation, amount_minor=total.minor,
                at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    sale = TaxFiling.objects.select_for_update().get(key=holder)
    lefts = _left_of_each_sale(holder)
    too_much = sum(lefts.values()) - (sale.amount_minor - returned.minor)
    if too_much < 0:  # a refund failed: what is booked goes back whole, and the sale is booked anew
        _intend_returns(sale, lefts, sum(lefts.values()))
        anew = _intend(sale, sale.amount_minor, "anew", anew_of=sale)
        lefts, too_much = {anew: anew.amount_minor}, returned.minor
    _intend_returns(sale, lefts, too_much)
    waiting = TaxFiling.objects.filter(holder=holder, status=TaxFiling.Status.INTENDED).order_by("pk")
    return list(waiting.values_list("pk", flat=True))


def _left_of_each_sale(holder: str) -> dict[TaxFiling, int]:
    """What each booking of a sale has not given back, in cents, the oldest first."""
    sales = TaxFiling.objects.filter(holder=holder, sale=None).order_by("pk")
    return {row: row.amount_minor - sum(row.returns.values_list("amount_minor", flat=True)) for row in sales}


def _intend_returns(first: TaxFiling, lefts: dict[TaxFiling, int], cents: int) -> None:
    for row, left in lefts.items():
        if part := min(left, cents):
            _intend(first, part, "back", sale=row)
            cents -= part


def _intend(first: TaxFiling, cents: int, what: str, **stands_on: TaxFiling) -> TaxFiling:
    number = TaxFiling.objects.filter(holder=first.holder).count()
    return TaxFiling.objects.create(
        key=f"{first.holder}:{what}-{number}", holder=first.holder, source=first.source, amount_minor=cents,
        at=clock.now(), **stands_on,
    )  # fmt: skip


def _sent(filing: TaxFiling) -> str:
    office = _office()
    if filing.stands_on and filing.stands_on.status == TaxFiling.Status.REFUSED:
        raise TaxRefused(why="its sale was refused")
    if filing.anew_of:
        return office.file_anew(filing.anew_of.booking, Money(filing.amount_minor), reference=filing.key)
    if filing.sale is None:
        return office.file_sale(filing.calculation, reference=filing.key)
    if filing.amount_minor == filing.sale.amount_minor:
        return office.file_whole_return(filing.sale.booking, reference=filing.key)
    return office.file_return(filing.sale.booking, Money(filing.amount_minor), reference=filing.key)


def _office() -> TaxOffice:
    office: TaxOffice = wiring.provider("tax")
    return office
