"""Local rates from Stripe Tax: asked for beforehand, used for exactly what was asked, done without when it fails."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.errors import TaxRefused, TaxUnavailable
from kidspetite.goods.pricing.models import KeptTax, TaxFiling
from kidspetite.goods.pricing.operations import taxing
from kidspetite.goods.pricing.types import Destination, Taxed, TaxedLine
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import queries
from kidspetite.journeys.checkout.errors import PriceChanged
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.types import Giving
from tests.factories.checkout import ADDRESS, a_basket, a_purchase, a_selling_shop, a_stocked_variant
from tests.pricing.conftest import stripe_tax

BROOKLYN = Destination("NY", "11201", city="Brooklyn", line1="12 Fern Street")
ALBANY = Destination("NY", "12207")


def asked(*nets: int, shipping: int = 500, to: Destination = BROOKLYN) -> Taxed:
    lines = tuple(TaxedLine(f"SKU-{place}", Money(net), 1) for place, net in enumerate(nets))
    return Taxed(lines, Money(shipping), to)


class TestTheAnswer:
    def test_tells_each_line_the_shipping_the_rate_and_its_name(self, tax_office):
        told = stripe_tax(tax_office.fake).calculate(asked(1800, 2200))
        assert [tax.minor for tax in told.lines] == [160, 195]
        assert told.shipping == Money(44)
        assert told.rate == Decimal("8.875")
        assert told.reference in tax_office.ledger.calculations

    def test_a_piece_for_nothing_and_free_shipping_are_not_asked_about(self, tax_office):
        told = stripe_tax(tax_office.fake).calculate(asked(0, 1800, shipping=0))
        assert [tax.minor for tax in told.lines] == [0, 160]
        assert told.shipping == Money(0)

    def test_a_fee_for_the_delivery_goes_with_the_shipping(self, tax_office):
        tax_office.ledger.flat_fee = 29
        assert stripe_tax(tax_office.fake).calculate(asked(1800)).shipping == Money(44 + 29)

    def test_a_place_nobody_knows_and_a_state_without_registration_have_none(self, tax_office):
        office = stripe_tax(tax_office.fake)
        assert office.calculate(asked(1800, to=Destination("NY", "99999"))) is None
        assert office.calculate(asked(1800, to=Destination("NJ", "07030"))) is None

    @pytest.mark.parametrize("mood", ["silent", "429", "503", "500", "garbage", "odd"])
    def test_what_is_no_answer_is_said_to_be_none_and_nobody_asks_twice(self, tax_office, mood):
        tax_office.fake.turn(mood)
        with pytest.raises(TaxUnavailable):
            stripe_tax(tax_office.fake, timeout=1.0).calculate(asked(1800))
        assert len(tax_office.fake.calls) == 1, "somebody is waiting: nobody asks twice"

    def test_parts_that_are_not_the_whole_are_no_answer(self, tax_office, monkeypatch):
        was = tax_office.ledger._shipping
        monkeypatch.setattr(tax_office.ledger, "_shipping", lambda *args: was(*args) | {"amount_tax": 44 - 1})
        honest = stripe_tax(tax_office.fake)
        assert honest.calculate(asked(1800)).shipping == Money(43)
        answer = tax_office.ledger._calculate
        monkeypatch.setattr(
            tax_office.ledger, "_calculate", lambda told: (found := answer(told)) | {"tax_amount_exclusive": 9}
        )
        with pytest.raises(TaxUnavailable):
            honest.calculate(asked(1801))


@pytest.mark.django_db
class TestABasket:
    @pytest.fixture(autouse=True)
    def shop(self):
        a_selling_shop()

    def test_is_priced_by_the_local_rate_once_it_is_known(self, tax_office):
        cart = a_basket(a_stocked_variant(price=1800))
        by_table = queries.basket_view(cart, ALBANY).quote
        told = checkout.priced_basket(cart, ALBANY).quote
        assert (by_table.tax.minor, by_table.tax_basis.source) == (160, "table")
        assert (told.tax.minor, told.tax_basis.source, told.tax_basis.rate) == (144 + 40, "stripe", Decimal(8))
        assert told.total == told.subtotal + told.shipping + told.tax

    def test_is_asked_about_once_and_anew_when_it_changes(self, tax_office):
        cart = a_basket(a_stocked_variant(price=1800))
        for _look in range(3):
            checkout.priced_basket(cart, BROOKLYN)
        assert tax_office.asked == 1
        checkout.priced_basket(cart, BROOKLYN, "express")
        checkout.priced_basket(cart, ALBANY)
        assert tax_office.asked == 3

    def test_a_zip_alone_is_an_estimate_and_a_street_is_not(self, tax_office):
        cart = a_basket(a_stocked_variant(price=1800))
        assert checkout.priced_basket(cart, ALBANY).quote.tax_is_estimate
        assert not checkout.priced_basket(cart, BROOKLYN).quote.tax_is_estimate
        assert queries.basket_view(cart, Destination("NY")).quote.tax_is_estimate

    def test_an_answer_that_does_not_match_is_not_used(self, tax_office):
        coat = a_stocked_variant(price=1800)
        cart = a_basket(coat)
        checkout.priced_basket(cart, BROOKLYN)
        KeptTax.objects.update(print="0" * 64)
        assert queries.basket_view(cart, BROOKLYN).quote.tax_basis.source == "table"

    def test_a_state_that_is_switched_off_is_neither_asked_about_nor_taxed(self, tax_office):
        quote = checkout.priced_basket(a_basket(), Destination("CA", "94107")).quote
        assert (tax_office.asked, quote.tax, quote.tax_basis) == (0, Money(0), None)

    def test_without_a_provider_nobody_is_asked(self, tax_office, monkeypatch):
        from kidspetite.foundation.plumbing import wiring

        monkeypatch.setattr(wiring, "codes", lambda need: [] if need == "tax" else ["sandbox"])
        assert checkout.priced_basket(a_basket(), BROOKLYN).quote.tax_is_estimate
        assert not tax_office.fake.calls

    @pytest.mark.parametrize("mood", ["silent", "429", "503", "garbage"])
    def test_a_provider_in_a_bad_mood_leaves_the_states_rate_and_is_left_alone_for_a_while(
        self, impatient_office, mood
    ):
        impatient_office.fake.turn(mood, times=9)
        cart = a_basket(a_stocked_variant(price=1800))
        quotes = [checkout.priced_basket(cart, BROOKLYN).quote for _look in range(3)]
        assert {(quote.tax.minor, quote.tax_is_estimate) for quote in quotes} == {(160, True)}
        assert impatient_office.asked == 1

    def test_it_is_asked_again_when_the_pause_is_over(self, impatient_office, monkeypatch):
        impatient_office.fake.turn("503")
        cart = a_basket(a_stocked_variant(price=1800))
        checkout.priced_basket(cart, BROOKLYN)
        monkeypatch.setattr(taxing, "_next_try", 0.0)
        assert checkout.priced_basket(cart, BROOKLYN).quote.tax_basis.source == "stripe"

    def test_with_all_lines_to_providers_taken_the_states_rate_serves(self, tax_office, monkeypatch):
        import threading

        from kidspetite.foundation.plumbing import lines

        monkeypatch.setattr(lines, "_lines", threading.BoundedSemaphore(1))
        with lines.a_line(1):
            assert checkout.priced_basket(a_basket(), BROOKLYN).quote.tax_basis.source == "table"
        assert tax_office.asked == 0


@pytest.mark.django_db
class TestAnOrder:
    @pytest.fixture(autouse=True)
    def shop(self):
        a_selling_shop()

    def bought(self, **changes) -> Order:
        cart = a_basket(a_stocked_variant(price=1800))
        address = dict(ADDRESS, postal_code="12207", city="Albany")
        done = checkout.buy(cart, a_purchase(shipping_address=address, **changes), key="k")
        return Order.objects.get(number=done.order_number)

    def test_says_by_which_source_and_rate_it_was_taxed(self, tax_office):
        order = self.bought()
        assert (order.tax_source, order.tax_rate, order.tax_minor) == ("stripe", Decimal(8), 184)
        assert order.tax_reference in tax_office.ledger.calculations

    def test_by_the_states_rate_says_which_rule_that_was(self):
        order = self.bought()
        assert (order.tax_source, order.tax_rate) == ("table", Decimal("8.875"))
        assert order.tax_reference.startswith("NY since 20")

    def test_whoever_saw_the_states_rate_pays_the_states_rate(self, tax_office):
        shown = 1800 + 500 + 160
        assert self.bought(expected_total_cents=shown).total_minor == shown
        assert tax_office.asked == 0

    def test_whoever_saw_something_else_is_told_the_local_total(self, tax_office):
        with pytest.raises(PriceChanged) as changed:
            self.bought(expected_total_cents=1800)
        assert changed.value.facts["total_cents"] == 1800 + 500 + 184

    def test_is_booked_once_when_it_is_paid(self, tax_office, run_waiting_jobs):
        order = self.bought()
        run_waiting_jobs()
        assert tax_office.ledger.booked(order.holder) == order.total_minor
        assert TaxFiling.objects.get().status == "done"

    def test_what_goes_back_is_booked_back_to_the_cent_however_it_goes(self, tax_office, run_waiting_jobs):
        order = self.bought()
        for number, part in enumerate((700, 700, order.total_minor - 1400)):
            payments.refund_order(order.pk, Giving(amount=Money(part)), key=f"r{number}", by="test", reason="test")
            run_waiting_jobs()
        assert tax_office.ledger.booked(order.holder) == 0
        assert TaxFiling.objects.filter(status="done").count() == 4

    def test_a_cancelled_order_is_booked_back_whole(self, tax_office, run_waiting_jobs):
        order = self.bought()
        run_waiting_jobs()
        orders.cancel_order(order.pk, by="test", reason="test")
        run_waiting_jobs()
        assert tax_office.ledger.booked(order.holder) == 0
        assert any(each["type"] == "reversal" for each in tax_office.ledger.bookings.values())

    def test_telling_it_again_books_nothing_more(self, tax_office, run_waiting_jobs):
        order = self.bought()
        run_waiting_jobs()
        facts = {"calculation": order.tax_reference, "total": order.total, "returned": Money(0)}
        taxing.file_tax(order.holder, **facts)
        taxing.file_tax(order.holder, **facts | {"returned": Money(500)})
        taxing.file_tax(order.holder, **facts | {"returned": Money(500)})
        assert tax_office.ledger.booked(order.holder) == order.total_minor - 500

    @pytest.mark.parametrize("mood", ["lost", "503", "429", "garbage"])
    def test_a_booking_without_an_answer_is_sent_again_by_the_job(self, tax_office, mood):
        order = self.bought()
        tax_office.fake.turn(mood, r"/v1/tax/transactions/.*")
        office = stripe_tax(tax_office.fake, timeout=1.0)
        office._filing = office._asking  # as patient as a shopper, so that the test is not
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(taxing, "_office", lambda: office)
            with pytest.raises(TaxUnavailable):
                taxing.file_tax(
                    order.holder, calculation=order.tax_reference, total=order.total, returned=Money(0)
                )  # fmt: skip
            assert taxing.send_filings() == 1
        assert tax_office.ledger.booked(order.holder) == order.total_minor
        assert len(tax_office.ledger.bookings) == 1

    def test_a_booking_that_is_refused_for_good_is_left_to_staff_and_stops_no_job(self, tax_office, run_waiting_jobs):
        order = self.bought()
        tax_office.ledger.calculations.clear()
        run_waiting_jobs()
        assert TaxFiling.objects.get().status == "refused"
        payments.refund_order(order.pk, Giving(amount=Money(500)), key="r", by="test", reason="test")
        run_waiting_jobs()
        assert set(TaxFiling.objects.values_list("status", flat=True)) == {"refused"}
        with pytest.raises(TaxRefused):
            stripe_tax(tax_office.fake).file_sale("taxcalc_0", reference="x")

    def test_an_order_by_the_table_is_booked_nowhere(self, tax_office, run_waiting_jobs):
        self.bought(expected_total_cents=1800 + 500 + 160)
        run_waiting_jobs()
        assert not TaxFiling.objects.exists()
