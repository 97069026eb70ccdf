from datetime import date
from decimal import Decimal

import pytest

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing import queries as pricing
from kidspetite.goods.pricing.models import TaxRule
from kidspetite.goods.pricing.rules.delivery import ZONES

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)


def test_every_state_but_the_military_and_some_islands_has_a_rule_from_the_start():
    known = set(TaxRule.objects.values_list("state", flat=True))
    assert set(ZONES) - known == {"AA", "AE", "AP", "AS", "GU", "MP", "VI"}


def test_only_states_that_are_switched_on_are_in_the_table():
    table = pricing.tax_table(TODAY, ["NJ", "NY"])
    assert [rule.state for rule in table.rules] == ["NJ", "NY"]
    assert table.rule_of("NY").exempt_below == Money(110_00)
    assert table.rule_of("NJ").is_exempt
    assert table.rule_of("CA") is None
    assert pricing.tax_table(TODAY, []).rules == ()


def test_a_state_that_is_switched_on_without_a_rule_is_named():
    assert pricing.tax_table(TODAY, ["GU", "NY"]).unknown == frozenset({"GU"})


@pytest.mark.parametrize(
    ("day", "rate"), [(date(2026, 12, 31), "4"), (date(2027, 1, 1), "4.5"), (date(2028, 1, 1), "4.5")]
)
def test_a_new_rate_holds_from_its_day_on(day, rate):
    TaxRule.objects.create(state="NY", rate=Decimal("4.5"), valid_from=date(2027, 1, 1))
    assert pricing.tax_table(day, ["NY"]).rule_of("NY").rate == Decimal(rate)


def test_the_table_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        pricing.tax_table(TODAY, ["NY", "NJ", "CA", "MA"])
