import re

import pytest
from django.test import Client

from kidspetite.sales.orders.errors import CannotMove
from kidspetite.sales.orders.models import Order
from kidspetite.sales.shipping import operations as shipping
from kidspetite.sales.shipping import queries as parcels
from kidspetite.sales.shipping.errors import BadTrackingNumber, NoSuchShipment, TrackingNumberTaken, UnknownCarrier
from kidspetite.sales.shipping.models import Shipment
from tests.factories.shipping import a_parcel, a_plain_order

pytestmark = pytest.mark.django_db


def status(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


def test_a_parcel_leaves_and_the_order_knows_its_number_and_its_page():
    order = a_plain_order()
    shipping.ship_order(order.pk, carrier="ups", tracking_number=" 1z 999-aa1 ", by="user:1")
    parcel = parcels.shipments_of(order.pk)[0]
    assert (parcel.carrier_name, parcel.tracking_number) == ("UPS", "1Z999AA1")
    assert parcel.tracking_url == "https://www.ups.com/track?tracknum=1Z999AA1"
    assert status(order) == Order.Status.SHIPPED
    mark = order.events.get(kind="shipped")
    assert mark.facts == {
        "carrier": "ups", "carrier_name": "UPS", "tracking_number": "1Z999AA1", "tracking_url": parcel.tracking_url,
    }  # fmt: skip
    assert mark.actor == "user:1"


@pytest.mark.parametrize(
    ("carrier", "page"), [("usps", "tools.usps.com"), ("ups", "www.ups.com"), ("fedex", "www.fedex.com"), ("house", "")]
)
def test_every_carrier_has_its_page_but_the_house(carrier, page):
    order = a_plain_order()
    shipping.ship_order(order.pk, carrier=carrier, tracking_number="ABCD1234", by="user:1")
    assert page in parcels.shipments_of(order.pk)[0].tracking_url
    assert [code for code, _ in parcels.carriers()] == ["house", "usps", "ups", "fedex"]


def test_the_order_page_links_to_the_carrier_and_not_to_a_page_the_house_has_not():
    linked, plain = a_plain_order(), a_plain_order()
    shipping.ship_order(linked.pk, carrier="usps", tracking_number="ABCD1234", by="user:1")
    shipping.ship_order(plain.pk, carrier="house", tracking_number="BOX-77", by="user:1")
    page = Client().get(f"/orders/{linked.token}").content.decode()
    assert 'tLabels=ABCD1234" rel="noopener">ABCD1234</a>' in page
    page = Client().get(f"/orders/{plain.token}").content.decode()
    assert re.search(r"Our own courier\s+BOX77\s*</p>", page)


def test_the_same_label_told_twice_is_one_parcel():
    order = a_plain_order()
    assert a_parcel(order) == a_parcel(order)
    assert order.events.filter(kind="shipped").count() == 1


def test_the_label_of_another_order_is_refused():
    first, second = a_plain_order(), a_plain_order()
    a_parcel(first)
    with pytest.raises(TrackingNumberTaken) as refused:
        a_parcel(second)
    assert refused.value.facts == {"order": first.number}
    assert status(second) == Order.Status.PAID


@pytest.mark.parametrize("number", ["", "123", "x" * 41, "1Z!999", "１２３４５", "12\n\0345"])
def test_what_no_label_carries_is_refused(number):
    with pytest.raises(BadTrackingNumber) as refused:
        a_parcel(tracking_number=number)
    assert [error.field for error in refused.value.errors] == ["tracking_number"]
    assert not Shipment.objects.exists()


@pytest.mark.parametrize("carrier", ["", "dhl", "USPS"])
def test_a_carrier_we_do_not_know_is_refused(carrier):
    with pytest.raises(UnknownCarrier) as refused:
        shipping.ship_order(a_plain_order().pk, carrier=carrier, tracking_number="ABCD1234", by="user:1")
    assert [error.field for error in refused.value.errors] == ["carrier"]


@pytest.mark.parametrize("state", ["awaiting_payment", "payment_unknown", "cancelled", "refunded"])
def test_an_order_that_is_not_paid_does_not_leave(state):
    with pytest.raises(CannotMove):
        a_parcel(a_plain_order(status=Order.Status(state)))
    assert not Shipment.objects.exists()


def test_the_order_is_delivered_with_the_last_of_its_parcels():
    order = a_plain_order()
    one, other = a_parcel(order), a_parcel(order, tracking_number="9400100000000000000002")
    shipping.mark_delivered(one.pk, by="job:carriers")
    assert status(order) == Order.Status.SHIPPED
    shipping.mark_delivered(other.pk, by="job:carriers")
    assert status(order) == Order.Status.DELIVERED


def test_a_late_word_changes_nothing():
    parcel = a_parcel()
    first = shipping.mark_delivered(parcel.pk, by="user:1").delivered_at
    assert shipping.mark_delivered(parcel.pk, by="user:2").delivered_at == first
    a_parcel(parcel.order)
    assert status(parcel.order) == Order.Status.DELIVERED


def test_a_parcel_that_is_not_there_cannot_arrive():
    with pytest.raises(NoSuchShipment):
        shipping.mark_delivered(0, by="user:1")
