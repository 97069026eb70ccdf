"""How many statements an order costs. The order call has 300 ms at 60 orders a second; each statement is a trip."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kidspetite.journeys.checkout import operations as checkout
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop, a_stocked_variant

AT_MOST = 26


def statements_of_buying(lines: int) -> list[str]:
    cart = a_basket(*[a_stocked_variant() for _ in range(lines)])
    purchase = a_purchase()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        checkout.buy(cart, purchase, key="k")
    return [query["sql"] for query in seen.captured_queries if "SAVEPOINT" not in query["sql"]]


@pytest.mark.django_db
def test_an_order_costs_few_statements_and_a_long_one_no_more():
    a_selling_shop()
    statements_of_buying(1)
    one, many = statements_of_buying(1), statements_of_buying(12)
    assert len(one) <= AT_MOST, "\n".join(one)
    assert len(many) == len(one)
