import pytest
from hypothesis import given
from hypothesis import strategies as some

from kidspetite.sales.cart.errors import BadQuantity
from kidspetite.sales.cart.rules import MOST, merged_quantity, quantity_from_form
from kidspetite.sales.cart.types import CapReason


@pytest.mark.parametrize(("text", "quantity"), [("1", 1), (" 12 ", 12), ("99", 99), ("007", 7)])
def test_what_people_type_is_read(text, quantity):
    assert quantity_from_form(text) == quantity


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "100", "1.5", "1e3", "NaN", "two", "2 2", "٣", "²", "1_0", "+1", "9" * 50, "1\0"]
)
def test_what_is_no_number_of_pieces_is_refused(text):
    with pytest.raises(BadQuantity):
        quantity_from_form(text)


def test_a_line_may_be_set_to_none_where_that_means_removing():
    assert quantity_from_form("0", least=0) == 0


@given(some.integers(0, 99), some.integers(1, 99), some.integers(0, 200))
def test_merging_never_loses_what_was_here_nor_passes_a_limit(here, there, available):
    together, reason = merged_quantity(here, there, available=available)
    assert max(here, 1) <= together <= min(here + there, MOST)
    assert (reason is None) == (together == here + there)
    if reason is CapReason.STOCK:
        assert together == max(available, here)
