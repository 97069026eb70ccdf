"""The provider's books of taxes follow an order also when money that went back comes back."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.errors import TaxUnavailable
from kidspetite.goods.pricing.models import TaxFiling
from kidspetite.goods.pricing.operations import taxing
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.models import Payment
from kidspetite.sales.payments.types import Giving
from tests.factories.checkout import ADDRESS, a_basket, a_purchase, a_selling_shop, a_stocked_variant
from tests.fakes import stripe_tax as fake
from tests.fakes.wired import stripe_gateway, use_stripe
from tests.pricing.conftest import Office, stripe_tax

pytestmark = pytest.mark.django_db

JobRunner = Callable[[], int]


@pytest.fixture
def bought(tax_office: Office, run_waiting_jobs: JobRunner, monkeypatch: pytest.MonkeyPatch) -> Order:
    """Two pieces, to Albany, paid by card and booked."""
    use_stripe(monkeypatch, stripe_gateway(tax_office.fake))
    a_selling_shop()
    cart = a_basket(a_stocked_variant(price=1800), a_stocked_variant(price=2500))
    checkout.buy(
        cart,
        a_purchase(
            shipping_address=dict(ADDRESS, postal_code="12207", city="Albany"),
            payment={"provider": "stripe", "token": "pm_card_visa"},
        ),
        key="k",
    )
    run_waiting_jobs()
    return Order.objects.get()


def told(order: Order, returned: int) -> None:
    taxing.file_tax(order.holder, calculation=order.tax_reference, total=order.total, returned=Money(returned))


def taxes(office: Office) -> int:
    """Cents of tax in the books, were the state to ask now; exact where whole sales are booked and reversed."""
    rows = [each for each in office.ledger.bookings.values() if each["type"] == "transaction"]
    standing = [each for each in rows if office.ledger._left(each)]
    return sum(
        sum(line["amount_tax"] for line in each["line_items"]["data"]) + each["shipping_cost"]["amount_tax"]
        for each in standing
    )


@pytest.mark.parametrize("part", [500, None], ids=["a part", "all of it"])
def test_a_refund_that_the_bank_sends_back_is_sold_anew_once(
    part: int | None, bought: Order, tax_office: Office, run_waiting_jobs: JobRunner
):
    cents = part or bought.total_minor
    payments.refund_order(bought.pk, Giving(amount=Money(cents)), key="r", by="user:1", reason="a torn seam")
    run_waiting_jobs()
    assert tax_office.ledger.booked(bought.holder) == bought.total_minor - cents
    (refund,) = tax_office.ledger.refunds.values()
    tax_office.ledger.fail_refund(refund["id"])
    for _ in range(3):
        payments.hear_refunds(Payment.objects.get().pk)
        run_waiting_jobs()
        told(bought, 0)
    assert tax_office.ledger.booked(bought.holder) == bought.total_minor
    assert taxes(tax_office) == bought.tax_minor, "line by line as it was sold"
    assert TaxFiling.objects.filter(anew_of__isnull=False).count() == 1
    assert set(TaxFiling.objects.values_list("status", flat=True)) == {"done"}


def test_what_else_went_back_stays_back(bought: Order, tax_office: Office):
    for returned in (500, 1200, 700):
        told(bought, returned)
    assert tax_office.ledger.booked(bought.holder) == bought.total_minor - 700


def test_it_can_go_back_anew_to_the_last_cent(bought: Order, tax_office: Office):
    for returned in (500, 0, 500, bought.total_minor, 0, bought.total_minor):
        told(bought, returned)
        assert tax_office.ledger.booked(bought.holder) == bought.total_minor - returned


def test_whatever_comes_and_goes_the_books_are_right(bought: Order, tax_office: Office):
    dice = random.Random(4)
    for _ in range(25):
        returned = dice.choice([0, bought.total_minor, dice.randrange(bought.total_minor)])
        told(bought, returned)
        assert tax_office.ledger.booked(bought.holder) == bought.total_minor - returned


@pytest.mark.parametrize("mood", ["lost", "503", "429", "garbage"])
@pytest.mark.parametrize(
    "path", [r"/v1/tax/transactions/tax_\d+", "/v1/tax/calculations", r".*/create_from_calculation"]
)
def test_without_an_answer_the_job_books_it_once(
    path: str, mood: str, bought: Order, tax_office: Office, monkeypatch: pytest.MonkeyPatch
):
    office = stripe_tax(tax_office.fake, timeout=1.0)
    office._filing = office._asking  # as patient as a shopper, so that the test is not
    monkeypatch.setattr(taxing, "_office", lambda: office)
    told(bought, 500)
    tax_office.fake.turn(mood, path)
    with pytest.raises(TaxUnavailable):
        told(bought, 0)
    taxing.send_filings()
    assert tax_office.ledger.booked(bought.holder) == bought.total_minor
    assert sum(":anew" in each["reference"] for each in tax_office.ledger.bookings.values()) == 1
    assert not TaxFiling.objects.exclude(status="done").exists()


def test_another_sum_than_was_sold_is_left_to_staff(bought: Order, tax_office: Office, monkeypatch: pytest.MonkeyPatch):
    told(bought, 500)
    monkeypatch.setitem(fake.RATES, "12207", (("state", "4"), ("county", "4.25")))
    told(bought, 0)
    assert TaxFiling.objects.get(anew_of__isnull=False).status == "refused"
    assert taxing.send_filings() == 0, "no job asks for ever"


def test_a_booking_that_stripe_knows_no_more_is_left_to_staff(bought: Order, tax_office: Office):
    told(bought, bought.total_minor)
    tax_office.ledger.bookings.clear()
    told(bought, 0)
    assert TaxFiling.objects.get(anew_of__isnull=False).status == "refused"
