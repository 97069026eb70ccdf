import pytest
from hypothesis import given
from hypothesis import strategies as some

from kidspetite.goods.catalog.models import Band
from kidspetite.goods.inventory.rules import band_of, holds_that_lapse, within_cap


@pytest.mark.parametrize(
    ("available", "band"),
    [(-1, Band.SOLD_OUT), (0, Band.SOLD_OUT), (1, Band.FEW), (3, Band.FEW), (4, Band.IN_STOCK), (900, Band.IN_STOCK)],
)
def test_a_band_is_told_by_what_is_free(available, band):
    assert band_of(available) == band


@pytest.mark.parametrize(
    ("available", "held", "band"), [(0, 1, Band.HELD), (0, 0, Band.SOLD_OUT), (1, 9, Band.FEW), (4, 9, Band.IN_STOCK)]
)
def test_what_lies_in_baskets_to_the_last_piece_is_held_and_not_sold_out(available, held, band):
    assert band_of(available, held=held) == band


@pytest.mark.parametrize(
    ("wanted", "own", "elsewhere", "at_most", "held"),
    [
        (5, 0, 0, None, 5),
        (5, 0, 0, 10, 5),
        (5, 0, 8, 10, 2),
        (5, 0, 10, 10, 0),
        (5, 0, 99, 10, 0),
        (5, 3, 10, 10, 3),
        (1, 3, 10, 10, 1),
        (0, 3, 0, 10, 0),
    ],
)
def test_the_cap_limits_what_is_held_but_takes_nothing_away(wanted, own, elsewhere, at_most, held):
    assert within_cap(wanted, own=own, elsewhere=elsewhere, at_most=at_most) == held


@given(some.lists(some.integers(1, 9)), some.integers(-5, 60))
def test_enough_holds_lapse_and_not_one_more(quantities, surplus):
    soft = list(enumerate(quantities))
    lapsing = holds_that_lapse(soft, surplus=surplus)
    freed = [quantities[index] for index in lapsing]
    assert lapsing == list(range(len(lapsing)))
    assert sum(freed) >= surplus or len(lapsing) == len(soft)
    assert sum(freed[:-1]) < max(surplus, 1)
