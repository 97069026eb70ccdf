import re

import pytest

from kidspetite.foundation.accounts.types import Role
from kidspetite.foundation.plumbing.models import AuditEntry
from kidspetite.goods.inventory import queries as shelves
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import queries as payments
from tests.factories.checkout import a_stocked_variant
from tests.factories.orders import a_paid_order, a_shipped_order
from tests.factories.payments import reloaded

pytestmark = pytest.mark.django_db(transaction=False)


def _hidden(page, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def _refund(client, order: Order, **typed: str):
    """Ask for a refund, look at the preview, confirm it twice."""
    path = f"/admin/orders/{order.number}/refund"
    typed = {"reason": "returned", "note": "", **typed}
    preview = client.post(path, typed)
    assert preview.status_code == 200
    confirm = typed | {
        "step": "confirm",
        "key": _hidden(preview, "key"),
        "amount_shown": _hidden(preview, "amount_shown"),
    }
    first = client.post(path, confirm)
    client.post(path, confirm)
    return first


def test_shipping_is_the_next_step_and_told_once(owner, run_waiting_jobs):
    order = a_paid_order()
    page = owner.get(f"/admin/orders/{order.number}").content.decode()
    assert "Mark as shipped" in page
    typed = {"carrier": "usps", "tracking_number": "9400 1118 9956 0000 0001"}
    for _ in range(2):
        assert owner.post(f"/admin/orders/{order.number}/shipment", typed).status_code == 302
    assert reloaded(order).status == "shipped"
    assert order.shipments.count() == 1
    assert "Mark as delivered" in owner.get(f"/admin/orders/{order.number}").content.decode()


def test_a_bad_tracking_number_is_named_and_kept(owner):
    order = a_paid_order()
    page = owner.post(f"/admin/orders/{order.number}/shipment", {"carrier": "ups", "tracking_number": "!"})
    assert page.status_code == 422
    assert "4 to 40 letters" in page.content.decode()
    assert 'value="!"' in page.content.decode()
    assert reloaded(order).status == "paid"


def test_delivered_closes_it(owner):
    order = a_shipped_order()
    parcel = order.shipments.get()
    owner.post(f"/admin/orders/{order.number}/delivery", {"parcel": str(parcel.pk)})
    assert reloaded(order).status == "delivered"


def test_a_parcel_of_another_order_is_not_found(owner):
    first, other = a_shipped_order(), a_paid_order()
    response = owner.post(f"/admin/orders/{other.number}/delivery", {"parcel": str(first.shipments.get().pk)})
    assert response.status_code == 404


def test_cancelling_shows_what_happens_then_does_it(owner):
    variant = a_stocked_variant(5)
    order = a_paid_order(variant)
    page = owner.get(f"/admin/orders/{order.number}/cancellation").content.decode()
    assert "goes back to the customer" in page
    assert variant.sku in page
    assert owner.post(f"/admin/orders/{order.number}/cancellation", {"reason": ""}).status_code == 422
    assert reloaded(order).status == "paid"
    owner.post(f"/admin/orders/{order.number}/cancellation", {"reason": "customer"})
    assert reloaded(order).status == "cancelled"
    assert shelves.stock_facts(variant.sku).on_hand == 5


def test_what_is_shipped_is_not_cancelled(owner):
    order = a_shipped_order()
    assert owner.post(f"/admin/orders/{order.number}/cancellation", {"reason": "customer"}).status_code == 409
    assert reloaded(order).status == "shipped"


def test_a_whole_refund_goes_back_once_however_often_it_is_confirmed(owner):
    order = a_paid_order()
    assert _refund(owner, order, how="all").status_code == 302
    assert reloaded(order).refunded_minor == order.total_minor
    assert len(payments.payments_of(order.pk)[0].refunds) == 1
    assert "Nothing is left" in owner.get(f"/admin/orders/{order.number}/refund").content.decode()


def test_pieces_give_back_their_price_and_tax_and_all_of_them_everything(owner):
    variant = a_stocked_variant(5)
    order = a_paid_order(variant, quantity=3)
    line = order.lines.get()
    _refund(owner, order, how="lines", **{f"line-{line.sku}": "1"})
    one = (line.unit_price_minor * 3 + line.tax_minor) // 3
    assert reloaded(order).refunded_minor == one
    _refund(owner, order, how="all")
    assert reloaded(order).status == "refunded"
    assert reloaded(order).refunded_minor == order.total_minor


def test_lines_and_shipping_together_are_the_whole_order(owner):
    order = a_paid_order()
    line = order.lines.get()
    _refund(owner, order, how="lines", shipping="1", **{f"line-{line.sku}": str(line.quantity)})
    assert reloaded(order).refunded_minor == order.total_minor


@pytest.mark.parametrize("amount", ["0", "-1", "12.345", "abc", "NaN", "1e9", "99999", ""])
def test_an_amount_that_cannot_be_moves_nothing_and_stays_typed(owner, amount):
    order = a_paid_order()
    page = owner.post(f"/admin/orders/{order.number}/refund", {"how": "amount", "amount": amount, "reason": "other"})
    assert page.status_code == 422
    assert f'value="{amount}"' in page.content.decode()
    assert not payments.payments_of(order.pk)[0].refunds


def test_more_than_is_left_is_impossible(owner):
    order = a_paid_order()
    _refund(owner, order, how="amount", amount="1.00")
    whole = f"{order.total_minor // 100}.{order.total_minor % 100:02d}"
    page = owner.post(f"/admin/orders/{order.number}/refund", {"how": "amount", "amount": whole, "reason": "other"})
    assert page.status_code == 422
    assert "is left" in page.content.decode()
    assert reloaded(order).refunded_minor == 100


def test_a_confirmation_without_its_preview_only_shows_the_preview(owner):
    order = a_paid_order()
    typed = {"how": "all", "reason": "other", "step": "confirm", "key": "x", "amount_shown": str(order.total_minor)}
    assert owner.post(f"/admin/orders/{order.number}/refund", typed).status_code == 200
    assert reloaded(order).refunded_minor == 0


def test_fulfilment_ships_but_gives_no_money_back(staff):
    order = a_paid_order()
    client = staff(Role.FULFILMENT)
    assert "Refund</a>" not in client.get(f"/admin/orders/{order.number}").content.decode()
    assert client.post(f"/admin/orders/{order.number}/refund", {"how": "all", "reason": "other"}).status_code == 403


def test_what_staff_did_is_on_record(owner):
    order = a_paid_order()
    _refund(owner, order, how="amount", amount="1.00", note="button was loose")
    entry = AuditEntry.objects.get(verb="payments.refund")
    assert entry.actor.startswith("user:")
    assert "button was loose" in entry.facts["reason"]


def test_notes_are_pinned_and_names_shown(owner):
    order = a_paid_order()
    owner.post(f"/admin/orders/{order.number}/note", {"text": "Call <b>before</b> noon"})
    page = owner.get(f"/admin/orders/{order.number}").content.decode()
    assert "Call &lt;b&gt;before&lt;/b&gt; noon" in page
    assert "Owner" in page


def test_lists_cost_the_same_whatever_they_hold(owner, django_assert_max_num_queries):
    for _ in range(3):
        a_paid_order()
    with django_assert_max_num_queries(14):
        assert owner.get("/admin/orders").status_code == 200
    with django_assert_max_num_queries(22):
        owner.get(f"/admin/orders/{Order.objects.first().number}")
    for path in (
        "/admin/orders/order/", "/admin/payments/payment/", "/admin/catalog/variant/", "/admin/inventory/stocklevel/",
        "/admin/inventory/movement/", "/admin/accounts/user/", "/admin/catalog/product/", "/admin/stock",
    ):  # fmt: skip
        with django_assert_max_num_queries(14):
            assert owner.get(path).status_code == 200


def test_an_exact_number_or_sku_opens_at_once(owner):
    order = a_paid_order()
    assert owner.get("/admin/find", {"q": order.number.lower()})["Location"] == f"/admin/orders/{order.number}"
    sku = order.lines.get().sku
    assert owner.get("/admin/find", {"q": sku})["Location"] == f"/admin/stock/{sku}"
    assert order.number in owner.get("/admin/find", {"q": "maya@"}).content.decode()
