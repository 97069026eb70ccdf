"""What lies in the parcel tells pieces and words, never prices."""

from __future__ import annotations

import pytest
from django.test import Client

from kidspetite.sales.orders.models import Order
from tests.factories.checkout import a_selling_shop, bought

pytestmark = pytest.mark.django_db

WORDS = "For Ada, who is new here."


def test_a_slip_has_the_pieces_and_never_a_price(owner):
    a_selling_shop()
    order = Order.objects.get(number=bought(gift_message=WORDS, gift_receipt=True).order_number)
    slip = owner.get(f"/admin/orders/{order.number}/slip").text
    line = order.lines.get()
    assert all(words in slip for words in (line.name, line.sku, line.size_label, order.number, "A gift for you"))
    assert "$" not in slip
    assert f"{order.total_minor / 100:.2f}" not in slip  # its number, which is left to chance, may end a sentence


def test_a_slip_is_for_those_who_may_see_orders(client: Client):
    a_selling_shop()
    number = bought().order_number
    assert client.get(f"/admin/orders/{number}/slip").status_code in (302, 403, 404)
