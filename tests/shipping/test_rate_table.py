import pytest

from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.pricing.types import Zone
from kidspetite.sales.shipping import queries as parcels
from kidspetite.sales.shipping.models import ShippingMethod, ShippingRate
from tests.factories.pricing import a_line, quote_of

pytestmark = pytest.mark.django_db


def test_a_shop_without_data_of_its_own_can_send():
    table = parcels.rate_table()
    assert [(method.code, method.may_be_free) for method in table.methods] == [("standard", True), ("express", False)]
    assert {band.zone for band in table.methods[0].bands} == set(Zone)


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("NY", {"standard": 5_95, "express": 14_95}),
        ("AK", {"standard": 9_95, "express": 24_95}),
        ("AP", {"standard": 5_95}),
    ],
)
def test_its_rates_make_a_quote(state, offered):
    quote = quote_of(a_line(), state=state, rates=parcels.rate_table())
    assert {rate.method_code: rate.price.minor for rate in quote.rates} == offered


def test_methods_come_in_the_shops_order_without_those_switched_off():
    pickup = ShippingMethod.objects.create(code="pickup", name="Pick up", position=1)
    ShippingRate.objects.create(method=pickup, zone="contiguous", price_minor=0, days_from=0, days_to=0)
    ShippingMethod.objects.filter(code="standard").update(is_active=False)
    ShippingMethod.objects.filter(code="express").update(position=2)
    table = parcels.rate_table()
    assert [method.code for method in table.methods] == ["pickup", "express"]
    assert table.methods[0].bands[0].price == Money(0)


def test_the_table_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        parcels.rate_table()
