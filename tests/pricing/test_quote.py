"""The quote as a table, and as properties that hold for any basket."""

import dataclasses
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing import rules
from kidspetite.goods.pricing.errors import MethodNotOffered
from kidspetite.goods.pricing.types import (
    BasketLine,
    ClothingTax,
    Destination,
    NoteCode,
    Quote,
    RateBand,
    RateTable,
    TaxTable,
    Zone,
)
from tests.factories.pricing import EXPRESS, FREE_FROM, STANDARD, a_line, quote_of


def cents(quote: Quote) -> tuple[int | None, ...]:
    parts = (quote.subtotal, quote.discount, quote.shipping, quote.tax, quote.total)
    return tuple(None if part is None else part.minor for part in parts)


@pytest.mark.parametrize(
    ("lines", "state", "method", "expected"),
    [
        ([a_line(18_00)], "CA", None, (18_00, 0, 5_95, 1_31, 25_26)),
        ([a_line(18_00, 2)], "CA", "express", (36_00, 0, 14_95, 2_61, 53_56)),
        ([a_line(18_00)], "OR", None, (18_00, 0, 5_95, 0, 23_95)),
        ([a_line(18_00)], "NJ", None, (18_00, 0, 5_95, 0, 23_95)),
        ([a_line(18_00)], "TX", None, (18_00, 0, 5_95, 1_13 + 37, 25_45)),
        ([a_line(59_99)], "OR", None, (59_99, 0, 5_95, 0, 65_94)),
        ([a_line(60_00)], "OR", None, (60_00, 0, 0, 0, 60_00)),
        ([a_line(60_00)], "OR", "express", (60_00, 0, 14_95, 0, 74_95)),
        ([a_line(18_00)], "HI", None, (18_00, 0, 9_95, 0, 27_95)),
        ([a_line(18_00)], "AE", None, (18_00, 0, 5_95, 0, 23_95)),
        ([a_line(0)], "TX", None, (0, 0, 5_95, 0, 5_95)),
    ],
)
def test_what_a_basket_costs(lines, state, method, expected):
    assert cents(quote_of(*lines, state=state, method=method)) == expected


@pytest.mark.parametrize(
    ("state", "price", "quantity", "tax"),
    [
        ("NY", 109_99, 1, 0),
        ("NY", 110_00, 1, 4_40),
        ("NY", 60_00, 3, 0),
        ("NY", 110_00, 2, 8_80),
        ("MA", 174_99, 1, 0),
        ("MA", 175_00, 1, 0),
        ("MA", 200_00, 1, 1_56),
        ("MA", 200_00, 2, 3_13),
        ("PA", 400_00, 1, 0),
        ("CA", 10, 1, 1),
        ("CA", 6, 1, 0),
        ("CA", 7, 1, 1),
    ],
)
def test_clothing_is_taxed_piece_by_piece_and_rounded_line_by_line(state, price, quantity, tax):
    quote = quote_of(a_line(price, quantity), state=state, free_from=Money(0))
    assert quote.lines[0].tax.minor == tax
    assert quote.tax == quote.lines[0].tax


def test_two_lines_are_rounded_each_not_together():
    quote = quote_of(a_line(7, sku="A"), a_line(7, sku="B"), state="CA", free_from=Money(0))
    assert [line.tax.minor for line in quote.lines] == [1, 1]
    assert quote.tax.minor == 2
    assert Money(14).percent(Decimal("7.25")).minor == 1


def test_shipping_is_taxed_in_proportion_to_what_is_taxed():
    dress, body = a_line(120_00, sku="DRESS"), a_line(40_00, sku="BODY")
    quote = quote_of(dress, body, state="NY", method="express")
    assert quote.lines[0].tax.minor == 4_80
    assert quote.lines[1].tax.minor == 0
    assert quote.shipping_tax == Money(14_95).share([120_00, 40_00])[0].percent(Decimal("4"))
    assert quote.tax == Money(4_80) + quote.shipping_tax


def test_without_a_destination_nothing_is_promised_but_the_goods():
    quote = quote_of(a_line(18_00), state=None)
    assert cents(quote) == (18_00, 0, None, None, None)
    assert quote.rates == ()
    assert quote.note(NoteCode.UNTIL_FREE_SHIPPING).amount == Money(42_00)


def test_an_empty_basket_costs_nothing_and_goes_nowhere():
    assert cents(quote_of(state="CA")) == (0, 0, None, None, None)
    assert quote_of(state="CA").notes == ()


@pytest.mark.parametrize(
    "destination", [Destination("ON", "K1A 0B1", country="CA"), Destination("XX"), Destination("ca")]
)
def test_where_we_do_not_deliver_the_quote_says_so(destination):
    assert rules.zone_of(destination) is None
    quote = quote_of(a_line(), state=destination.state if destination.country == "US" else "ON")
    assert cents(quote) == (18_00, 0, None, None, None)
    assert quote.note(NoteCode.NOT_DELIVERED_THERE)


@pytest.mark.parametrize(
    ("states", "zone"),
    [
        (["NY", "CA", "DC", "WY"], Zone.CONTIGUOUS),
        (["AK", "HI", "PR", "GU", "VI", "AS", "MP"], Zone.OUTLYING),
        (["AA", "AE", "AP"], Zone.MILITARY),
    ],
)
def test_every_state_has_its_zone(states, zone):
    assert {rules.zone_of(Destination(state)) for state in states} == {zone}


def test_there_are_fifty_states_a_district_territories_and_three_military_ones():
    from kidspetite.goods.pricing.rules.delivery import ZONES

    assert len(ZONES) == 50 + 1 + 5 + 3


@pytest.mark.parametrize(("method", "state"), [("express", "AE"), ("drone", "NY"), ("STANDARD", "NY")])
def test_a_way_that_does_not_go_there_is_refused_with_those_that_do(method, state):
    with pytest.raises(MethodNotOffered) as refused:
        quote_of(a_line(), state=state, method=method)
    assert [error.field for error in refused.value.errors] == ["shipping_method"]
    assert "standard" in refused.value.facts["offered"]


@pytest.mark.parametrize(("grams", "price"), [(100, 5_95), (2_000, 5_95), (2_001, 8_95), (50_000, 8_95)])
def test_the_lightest_band_that_carries_it_sets_the_price(grams, price):
    assert quote_of(a_line(1_00, weight_g=grams), state="OR").shipping == Money(price)


@pytest.mark.parametrize(
    ("worth", "grams", "price"),
    [(39_99, 100, 5_95), (40_00, 100, 3_95), (99_99, 100, 3_95), (100_00, 2_000, 1_00), (100_00, 2_001, 8_95)],
)
def test_a_band_may_be_for_goods_from_a_value_on(worth, grams, price):
    there = Zone.CONTIGUOUS
    bands = (
        RateBand(there, Money(5_95), 3, 5, up_to_g=2_000),
        RateBand(there, Money(3_95), 3, 5, up_to_g=2_000, goods_from=Money(40_00)),
        RateBand(there, Money(1_00), 3, 5, up_to_g=2_000, goods_from=Money(100_00)),
        RateBand(there, Money(8_95), 3, 5),
    )
    rates = RateTable((dataclasses.replace(STANDARD, bands=bands, may_be_free=False),))
    assert quote_of(a_line(worth, weight_g=grams), state="OR", rates=rates).shipping == Money(price)


def test_a_method_that_cannot_carry_the_weight_is_not_offered():
    light = dataclasses.replace(STANDARD, bands=STANDARD.bands[:1])
    heavy = a_line(1_00, weight_g=9_000)
    assert [r.method_code for r in quote_of(heavy, state="NY", rates=RateTable((light, EXPRESS))).rates] == ["express"]
    nothing = quote_of(heavy, state="NY", rates=RateTable((light,)))
    assert nothing.total is None
    assert nothing.note(NoteCode.NOT_DELIVERED_THERE)


def test_all_ways_are_offered_and_the_first_is_taken():
    quote = quote_of(a_line(), state="NY")
    assert [(rate.method_code, rate.price.minor) for rate in quote.rates] == [("standard", 5_95), ("express", 14_95)]
    assert quote.method == "standard"
    assert quote.rate.label == "Standard"


def test_free_shipping_is_named_and_only_promised_where_a_method_can_be_free():
    free = quote_of(a_line(60_00), state="NY")
    assert free.rate.is_free_reason == "threshold"
    assert free.note(NoteCode.FREE_SHIPPING)
    assert quote_of(a_line(10_00), state="NY").note(NoteCode.UNTIL_FREE_SHIPPING).amount == Money(50_00)
    assert quote_of(a_line(10_00), state="OR", rates=RateTable((EXPRESS,))).notes == ()
    assert quote_of(a_line(10_00), state="NY", free_from=None).note(NoteCode.UNTIL_FREE_SHIPPING) is None


@pytest.mark.parametrize(
    ("state", "note"),
    [
        ("CA", NoteCode.TAX_IS_ESTIMATED),
        ("PA", NoteCode.CLOTHES_UNTAXED),
        ("NY", NoteCode.CLOTHES_UNTAXED),
        ("GU", NoteCode.TAX_RULE_MISSING),
    ],
)
def test_the_quote_says_what_its_tax_is(state, note):
    assert quote_of(a_line(), state=state).note(note)


def test_a_state_where_the_shop_does_not_collect_needs_no_word():
    assert quote_of(a_line(60_00), state="OR").notes[-1].code == NoteCode.FREE_SHIPPING


baskets = some.lists(
    some.builds(
        BasketLine,
        variant_id=some.integers(1, 10**6),
        sku=some.just("SKU"),
        unit_price=some.builds(Money, some.integers(0, 500_00)),
        quantity=some.integers(1, 99),
        weight_g=some.integers(0, 3_000),
    ),
    min_size=1,
    max_size=12,
)
taxes = some.builds(
    ClothingTax,
    state=some.just("NY"),
    rate=some.decimals("0", "12", places=3),
    is_exempt=some.booleans(),
    exempt_below=some.none() | some.builds(Money, some.integers(1, 300_00)),
    taxes_excess_only=some.booleans(),
    taxes_shipping=some.booleans(),
)
thresholds = some.none() | some.builds(Money, some.integers(0, 200_00))


@given(baskets, taxes, thresholds, some.sampled_from(["standard", "express"]))
def test_the_parts_are_the_total(lines, tax, free_from, method):
    quote = quote_of(*lines, state="NY", method=method, tax=TaxTable((tax,)), free_from=free_from)
    assert quote.total == quote.subtotal - quote.discount + quote.shipping + quote.tax
    assert quote.subtotal == Money.total(line.line_total for line in quote.lines)
    assert quote.discount == Money.total(line.discount for line in quote.lines)
    assert quote.tax == Money.total(line.tax for line in quote.lines) + quote.shipping_tax
    assert quote.total.minor >= 0
    assert all(part.minor >= 0 for line in quote.lines for part in (line.line_total, line.tax, line.net))


@given(baskets, taxes)
def test_no_line_is_taxed_by_more_than_half_a_cent_beside_the_exact_sum(lines, tax):
    quote = quote_of(*lines, state="NY", tax=TaxTable((tax,)), free_from=Money(0))
    for line in quote.lines:
        piece, below = line.unit_price.minor, tax.exempt_below.minor if tax.exempt_below else 0
        base = 0 if tax.is_exempt or piece < below else piece - (below if tax.taxes_excess_only else 0)
        exact = Fraction(base * line.quantity) * Fraction(tax.rate) / 100
        assert abs(line.tax.minor - exact) <= Fraction(1, 2)


@given(baskets, taxes, some.integers(0, 11))
def test_one_more_piece_never_costs_less_when_shipping_cannot_become_free(lines, tax, which):
    one_more = list(lines)
    line = one_more[which % len(lines)]
    one_more[which % len(lines)] = dataclasses.replace(line, quantity=line.quantity + 1)
    before, after = (
        quote_of(*basket, state="NY", method="express", tax=TaxTable((dataclasses.replace(tax, taxes_shipping=False),)))
        for basket in (lines, one_more)
    )
    assert after.total >= before.total


@given(baskets)
def test_free_shipping_comes_exactly_at_the_threshold(lines):
    quote = quote_of(*lines, state="NY")
    assert (quote.subtotal >= FREE_FROM) == (not quote.shipping)


@given(some.lists(some.integers(0, 10_000), min_size=1, max_size=20).filter(any), some.integers(0, 10**7))
def test_sharing_loses_no_cent_and_is_nearest_to_the_exact_share(weights, amount):
    parts = Money(amount).share(weights)
    assert Money.total(parts) == Money(amount)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor - Fraction(amount * weight, sum(weights))) < 1
