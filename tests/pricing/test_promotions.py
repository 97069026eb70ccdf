"""Promotions as a table, and as properties that hold for any basket: nobody pays for a promotion."""

import os
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.rules import codes
from kidspetite.goods.pricing.rules.benefits import Pool, saving, shares
from kidspetite.goods.pricing.types import (
    AmountOff,
    BasketLine,
    BuyGet,
    Channel,
    ClothingTax,
    Conditions,
    FixedPrice,
    FreeShipping,
    Goods,
    Lane,
    PercentOff,
    Promotion,
    Quote,
    Reason,
    Shopper,
    TaxTable,
)
from tests.factories.pricing import WEDNESDAY, quote_of

pytestmark = pytest.mark.slow

BASKETS = settings(max_examples=10_000 if os.environ.get("KP_FULL") else 150)


def a_line(
    price: int, pieces: int = 1, *, product: int = 1, category: str = "knits", listed: int | None = None, **facts: Any
) -> BasketLine:
    return BasketLine(
        product, f"SKU-{product}", Money(price), pieces, 100, product_id=product, categories=(category,),
        list_price=None if listed is None else Money(listed), **facts,
    )  # fmt: skip


def a_promotion(benefit: Any, number: int = 1, **facts: Any) -> Promotion:
    conditions = facts.pop("conditions", Conditions())
    lane = facts.pop("lane", Lane.BASKET)
    lane = Lane.SHIPPING if isinstance(benefit, FreeShipping) else lane
    return Promotion(number, f"Promotion {number}", benefit, lane=lane, conditions=conditions, **facts)


def off(quote: Quote) -> list[int]:
    return [line.discount.minor for line in quote.lines]


def reasons(quote: Quote) -> list[Reason | None]:
    return [verdict.reason for verdict in quote.verdicts]


@pytest.mark.parametrize(
    ("benefit", "lines", "expected"),
    [
        (PercentOff(Decimal(10)), [a_line(18_00)], [1_80]),
        (PercentOff(Decimal("12.5")), [a_line(19_99)], [2_50]),
        (PercentOff(Decimal(100)), [a_line(18_00), a_line(7)], [18_00, 7]),
        (PercentOff(Decimal(10)), [a_line(3), a_line(3), a_line(3)], [1, 0, 0]),
        (AmountOff(Money(10_00)), [a_line(10_00), a_line(20_00)], [3_33, 6_67]),
        (AmountOff(Money(50_00)), [a_line(10_00), a_line(20_00)], [10_00, 20_00]),
        (FixedPrice(Money(15_00)), [a_line(18_00, 2), a_line(12_00)], [6_00, 0]),
        (BuyGet(2, 1), [a_line(18_00, 2), a_line(12_00)], [0, 12_00]),
        (BuyGet(2, 1), [a_line(10_00, 7)], [20_00]),
        (BuyGet(1, 1, Decimal(50)), [a_line(18_00), a_line(12_00)], [0, 6_00]),
        (BuyGet(3, 1), [a_line(18_00, 3)], [0]),
    ],
)
def test_what_a_benefit_takes_off(benefit, lines, expected):
    assert off(quote_of(*lines, promotions=[a_promotion(benefit)])) == expected


def test_a_cap_bounds_the_whole_and_is_shared_too():
    quote = quote_of(
        a_line(100_00), a_line(300_00), promotions=[a_promotion(PercentOff(Decimal(20)), cap=Money(10_00))]
    )
    assert off(quote) == [2_50, 7_50]
    fixed = quote_of(a_line(20_00, 2), promotions=[a_promotion(FixedPrice(Money(5_00)), cap=Money(1_00))])
    assert off(fixed) == [1_00]


def test_a_floor_is_a_share_of_the_list_price_not_of_the_reduced_one():
    reduced = a_line(60_00, listed=100_00)
    seventy = a_promotion(PercentOff(Decimal(70)), floor_percent=50)
    assert off(quote_of(reduced, promotions=[seventy])) == [10_00]
    assert off(quote_of(a_line(60_00), promotions=[seventy])) == [30_00]


def test_what_has_no_room_on_one_line_goes_to_the_others_of_a_sum():
    sale = a_line(50_00, listed=100_00, product=1)
    quote = quote_of(
        sale, a_line(50_00, product=2), promotions=[a_promotion(AmountOff(Money(20_00)), floor_percent=45)]
    )
    assert off(quote) == [5_00, 15_00]


def test_in_a_lane_the_best_wins_and_the_other_is_told_by_how_much():
    ten, twenty = (a_promotion(PercentOff(Decimal(n)), n, code=f"CODE{n}") for n in (10, 20))
    quote = quote_of(a_line(31_00), promotions=[ten, twenty])
    assert [one.promotion_id for one in quote.applied] == [20]
    beaten = quote.verdicts[0]
    assert (beaten.reason, beaten.amount, beaten.winner) == (Reason.BEATEN, Money(3_10), "Promotion 20")


def test_lanes_apply_in_order_on_what_is_left():
    sale = a_promotion(PercentOff(Decimal(50)), 1, lane=Lane.PRICES)
    code = a_promotion(PercentOff(Decimal(10)), 2, lane=Lane.BASKET)
    quote = quote_of(a_line(100_00), promotions=[code, sale])
    assert [(one.promotion_id, one.amount.minor) for one in quote.applied] == [(1, 50_00), (2, 5_00)]


def test_an_exclusive_one_goes_alone_when_that_is_better_for_the_shopper():
    alone = a_promotion(PercentOff(Decimal(30)), 3, is_exclusive=True)
    together = [a_promotion(PercentOff(Decimal(20)), 1, lane=Lane.PRICES), a_promotion(PercentOff(Decimal(10)), 2)]
    better = quote_of(a_line(100_00), promotions=[*together, alone])
    assert [one.promotion_id for one in better.applied] == [3]
    assert reasons(better) == [Reason.EXCLUSIVE, Reason.EXCLUSIVE, None]
    weak = a_promotion(PercentOff(Decimal(25)), 3, is_exclusive=True)
    worse = quote_of(a_line(100_00), promotions=[*together, weak])
    assert [one.promotion_id for one in worse.applied] == [1, 2]
    assert reasons(worse) == [None, None, Reason.EXCLUSIVE]


@pytest.mark.parametrize(
    ("conditions", "shopper", "reason"),
    [
        ({"minimum": Money(100_01)}, {}, Reason.MINIMUM),
        ({"minimum": Money(100_00)}, {}, None),
        ({"pieces": 3}, {}, Reason.PIECES),
        ({"pieces": 2}, {}, None),
        ({"goods": Goods(categories=frozenset({"hats"}))}, {}, Reason.NO_GOODS),
        ({"goods": Goods(categories=frozenset({"knits"}))}, {}, None),
        ({"goods": Goods(products=frozenset({1}))}, {}, None),
        ({"goods": Goods(collections=frozenset({9}))}, {}, Reason.NO_GOODS),
        ({"is_first_order": True}, {"orders_before": 1}, Reason.NOT_FIRST_ORDER),
        ({"is_first_order": True}, {"orders_before": 0}, None),
        ({"is_first_order": True}, {}, None),
        ({"is_signed_in": True}, {}, Reason.SIGN_IN),
        ({"is_signed_in": True}, {"customer_id": 7}, None),
        ({"people": frozenset({"a@b.example"})}, {"email": "c@b.example"}, Reason.OTHER_PEOPLE),
        ({"people": frozenset({"a@b.example"})}, {"email": "a@b.example"}, None),
        ({"channel": Channel.REGISTRY}, {}, Reason.OTHER_CHANNEL),
        ({"channel": Channel.REGISTRY}, {"channel": Channel.REGISTRY}, None),
        ({"begins": WEDNESDAY + timedelta(seconds=1)}, {}, Reason.NOT_RUNNING),
        ({"begins": WEDNESDAY}, {}, None),
        ({"ends": WEDNESDAY}, {}, Reason.NOT_RUNNING),
        ({"ends": WEDNESDAY + timedelta(seconds=1)}, {}, None),
        ({"uses_left": 0}, {}, Reason.USED_UP),
        ({"uses_left": 1}, {}, None),
        ({"uses_each": 1}, {"uses": {1: 1}}, Reason.USED_BEFORE),
        ({"uses_each": 2}, {"uses": {1: 1}}, None),
    ],
)
def test_when_a_promotion_may(conditions, shopper, reason):
    promotion = a_promotion(PercentOff(Decimal(10)), conditions=Conditions(**conditions))
    quote = quote_of(a_line(50_00, 2), promotions=[promotion], shopper=Shopper(**shopper))
    assert reasons(quote) == [reason]
    assert bool(quote.discount) == (reason is None)


def test_free_shipping_waits_for_an_address_and_pays_only_what_costs_something():
    free = a_promotion(FreeShipping())
    assert reasons(quote_of(a_line(18_00), state=None, promotions=[free])) == [Reason.ADDRESS]
    quote = quote_of(a_line(18_00), promotions=[free])
    assert (quote.shipping, quote.rate.is_free_reason, quote.discount) == (Money(0), "promotion", Money(0))
    assert quote.applied[0].shipping == Money(5_95)
    assert reasons(quote_of(a_line(18_00), method="express", promotions=[free])) == [Reason.NOTHING_LEFT]
    assert reasons(quote_of(a_line(60_00), promotions=[free])) == [Reason.NOTHING_LEFT]


def test_a_code_never_makes_sending_cost_again():
    quote = quote_of(a_line(60_00), promotions=[a_promotion(PercentOff(Decimal(10)))])
    assert (quote.shipping, quote.discount) == (Money(0), Money(6_00))


def test_tax_is_taken_from_what_is_paid_piece_by_piece():
    ten = a_promotion(PercentOff(Decimal(10)))
    dress = quote_of(a_line(115_00), state="NY", promotions=[ten])
    assert dress.lines[0].tax == Money(0), "103.50 a piece is below the 110 from which New York takes"
    assert quote_of(a_line(18_00), state="CA", promotions=[ten]).tax == Money(16_20).percent(Decimal("7.25"))


def test_everything_off_is_nothing_to_pay():
    gifts = [a_promotion(PercentOff(Decimal(100)), 1), a_promotion(FreeShipping(), 2)]
    quote = quote_of(a_line(18_00, 3), a_line(7), state="TX", promotions=gifts)
    assert quote.total == Money(0)


@pytest.mark.parametrize(
    "typed", ["SPRING10", "spring10", " spring 10 ", "Spring-10", "spring.10", "ＳＰＲＩＮＧ１０", "SPRlNGIO"]
)
def test_codes_are_read_in_any_form(typed):
    assert codes.code_key(typed) == codes.code_key("SPRING10")


@pytest.mark.parametrize("typed", ["", "   ", "---", "x" * 41, "СПРИНГ", "10 €ä"])
def test_what_is_no_code_has_no_key(typed):
    assert codes.code_key(typed) == ""


def test_one_mailbox_is_one_customer():
    ways = ["maya@home.example", "Maya@HOME.example", " maya+sale@home.example "]
    assert {codes.normal_email(way) for way in ways} == {"maya@home.example"}
    assert codes.normal_email("m.a.y.a+x@gmail.com") == codes.normal_email("maya@gmail.com")
    assert codes.normal_email("m.aya@home.example") != codes.normal_email("maya@home.example")


cents = some.integers(0, 300_00)
percents = some.integers(1, 10_000).map(lambda n: Decimal(n) / 100)
benefits = some.one_of(
    some.builds(PercentOff, percents),
    some.builds(AmountOff, some.builds(Money, cents)),
    some.builds(FixedPrice, some.builds(Money, cents)),
    some.builds(BuyGet, some.integers(1, 5), some.integers(1, 3), percents),
    some.just(FreeShipping()),
)
goods = some.one_of(
    some.just(Goods()),
    some.builds(Goods, products=some.frozensets(some.integers(1, 5), min_size=1)),
    some.builds(Goods, categories=some.frozensets(some.sampled_from(["knits", "hats"]), min_size=1)),
)
promotions = some.lists(
    some.builds(
        a_promotion,
        benefits,
        number=some.integers(1, 50),
        lane=some.sampled_from([Lane.PRICES, Lane.BASKET]),
        is_exclusive=some.booleans(),
        cap=some.none() | some.builds(Money, cents),
        floor_percent=some.sampled_from([0, 0, 30, 100]),
        conditions=some.builds(
            Conditions, goods=goods, minimum=some.none() | some.builds(Money, cents), pieces=some.integers(0, 4)
        ),
    ),
    max_size=6,
    unique_by=lambda promotion: promotion.id,
)
baskets = some.lists(
    some.builds(
        a_line, some.integers(0, 250_00), some.integers(1, 99), product=some.integers(1, 5),
        category=some.sampled_from(["knits", "hats"]), listed=some.none() | some.integers(0, 400_00),
    ),
    min_size=1,
    max_size=10,
)  # fmt: skip
taxes = some.builds(
    ClothingTax, state=some.just("NY"), rate=some.decimals("0", "12", places=3), is_exempt=some.booleans(),
    exempt_below=some.none() | some.builds(Money, some.integers(1, 300_00)), taxes_excess_only=some.booleans(),
    taxes_shipping=some.booleans(),
)  # fmt: skip
methods = some.sampled_from(["standard", "express"])


@BASKETS
@given(baskets, promotions, taxes, methods)
def test_the_oracle_of_sums(lines, promotions, tax, method):
    """Σ parts = total ≥ 0, every cent of a discount has its line and its promotion, no line below its floor."""
    quote = quote_of(*lines, state="NY", method=method, tax=TaxTable((tax,)), promotions=promotions)
    assert quote.total == quote.subtotal - quote.discount + quote.shipping + quote.tax
    assert quote.discount == Money.total(line.discount for line in quote.lines)
    assert quote.discount == Money.total(one.amount for one in quote.applied)
    assert quote.tax == Money.total(line.tax for line in quote.lines) + quote.shipping_tax
    assert quote.total.minor >= 0
    assert all(Money(0) <= line.discount <= line.line_total for line in quote.lines)
    facts = {one.id: one for one in promotions}
    for one in quote.applied:
        promotion = facts[one.promotion_id]
        assert Money.total(one.shares) == one.amount
        assert one.amount + one.shipping > Money(0)
        assert promotion.cap is None or one.amount <= promotion.cap or isinstance(promotion.benefit, FreeShipping)
        for share, line in zip(one.shares, lines, strict=True):
            listed = max((line.list_price or line.unit_price).minor, line.unit_price.minor)
            least = -(-listed * promotion.floor_percent // 100) * line.quantity
            assert share.minor <= max(line.total.minor - least, 0)
    assert len(quote.verdicts) == len(promotions)
    assert {v.promotion_id for v in quote.verdicts if v.is_applied} == {one.promotion_id for one in quote.applied}
    lanes = [facts[one.promotion_id].lane for one in quote.applied]
    assert lanes == sorted(set(lanes)), "one a lane, lanes in order"


@BASKETS
@given(baskets, promotions, methods)
def test_nobody_pays_for_a_promotion(lines, promotions, method):
    """Goods and sending together never cost more with promotions than without, tax apart."""
    plain, reduced = (quote_of(*lines, state="OR", method=method, promotions=given) for given in ([], promotions))
    assert reduced.total <= plain.total
    alone = [one for one in promotions if one.is_exclusive]
    others = quote_of(*lines, state="OR", method=method, promotions=[one for one in promotions if one not in alone])
    assert reduced.total <= others.total


@BASKETS
@given(baskets, some.tuples(percents, percents), methods)
def test_a_higher_percentage_never_costs_more(lines, two, method):
    low, high = (
        quote_of(*lines, state="OR", method=method, promotions=[a_promotion(PercentOff(percent))])
        for percent in sorted(two)
    )
    assert high.total <= low.total


@given(
    some.one_of(
        some.builds(PercentOff, percents), some.builds(AmountOff, some.builds(Money, cents)),
        some.builds(FixedPrice, some.builds(Money, cents)),
        some.builds(BuyGet, some.integers(1, 5), some.integers(1, 3), percents),
    ),
    some.lists(some.tuples(some.integers(0, 999_99), some.integers(1, 99), some.integers(0, 999_99)), max_size=10),
    some.none() | cents,
)  # fmt: skip
def test_the_short_way_to_a_saving_is_the_sum_of_its_shares(benefit, lines, cap):
    nets = [net for net, _pieces, _room in lines]
    tight = Pool(nets, [pieces for _net, pieces, _room in lines], [min(net, room) for net, _pieces, room in lines])
    for pool in (tight, Pool(nets, tight.pieces, nets)):
        if nets:
            assert saving(benefit, pool, cap) == sum(shares(benefit, pool, cap))
