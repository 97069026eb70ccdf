"""Promotions at the desk: who may, what it reads, the switch, codes as a table, and the trial."""

from decimal import Decimal

import pytest
from django.test import Client

from kidspetite.foundation.accounts.types import Role
from kidspetite.goods.pricing import queries
from kidspetite.goods.pricing.models import PromoCode, Promotion, Redemption
from tests.factories.catalog import a_category, a_product
from tests.factories.checkout import a_selling_shop, a_stocked_variant
from tests.factories.promotions import a_code, a_promotion

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Autumn", "kind": "percent", "percent": "12.5", "lane": "20", "needs_code": "on", "minimum": "50",
    "cap": "30.00", "floor_percent": "40", "limit_per_customer": "1", "sentence": "AUTUMN takes 12.5 % off.",
}  # fmt: skip


@pytest.fixture
def marketing(staff) -> Client:
    return staff(Role.MARKETING)


def test_a_promotion_is_written_read_back_in_a_sentence_and_changed(marketing):
    hats = a_category("hats")
    saved = marketing.post("/admin/promotions/new", TYPED | {"categories": [hats.pk]}, follow=True)
    row = Promotion.objects.get()
    words = (
        "12.5% off Hats in a basket of $50.00 or more. Needs a code, once a customer. Runs until it is stopped."
        " At most $30.00 off an order. No piece below 40% of its list price."
    )
    assert words in saved.content.decode()
    assert (row.minimum_minor, row.cap_minor, row.percent) == (50_00, 30_00, Decimal("12.5"))
    marketing.post(f"/admin/promotions/{row.pk}", TYPED | {"name": "Winter", "minimum": ""})
    row.refresh_from_db()
    assert (row.name, row.minimum_minor, row.categories.count()) == ("Winter", None, 0)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"percent": ""}, "How much? This is needed."),
        ({"percent": "120"}, "100"),
        ({"kind": "amount"}, "How much? This is needed."),
        ({"begins_at": "2026-12-01T10:00", "ends_at": "2026-12-01T09:00"}, "It ends before it begins."),
        ({"floor_percent": "101"}, "100"),
        ({"minimum": "ten"}, "number"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(marketing, typed, words):
    refused = marketing.post("/admin/promotions/new", TYPED | typed)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert not Promotion.objects.exists()


def test_the_kill_switch_and_back(marketing):
    row = a_promotion()
    marketing.post(f"/admin/promotions/{row.pk}/switch", {"to": "off"})
    assert queries.promotion_row(row.pk).state == "stopped"
    marketing.post(f"/admin/promotions/{row.pk}/switch", {"to": "on"})
    assert queries.promotion_row(row.pk).state == "running"


def test_codes_one_by_one_in_batches_and_as_a_table(marketing):
    row = a_promotion()
    address = f"/admin/promotions/{row.pk}/codes"
    marketing.post(address, {"code": "spring 10", "limit": "5", "only_for": ""})
    marketing.post(address, {"count": "25", "begins": "noa", "batch": "=letters"})
    assert PromoCode.objects.get(limit_total=5).code == "SPRING-10"
    batch = PromoCode.objects.filter(batch="=letters")
    assert (batch.count(), set(batch.values_list("limit_total", flat=True))) == (25, {1})
    assert all(len(code.code) == len("NOA-XXXXX-XXXXX") for code in batch)
    table = marketing.get(f"{address}.csv").content.decode().splitlines()
    assert table[0] == "code,batch,limit,used"
    assert len(table) == 27
    assert all("'=letters" in line for line in table if "NOA" in line), "no spreadsheet takes it for a formula"
    again = marketing.post(address, {"code": "SPRING10", "limit": "", "only_for": ""})
    assert (again.status_code, "taken" in again.content.decode()) == (422, True)


def test_trying_it_on_a_cart_shows_the_sums_and_why(marketing):
    a_selling_shop()
    variant = a_stocked_variant(price=31_00)
    a_promotion(name="Twenty", percent=20, needs_code=False)
    row = a_promotion(name="Ten", percent=10)
    shown = marketing.get(f"/admin/promotions/{row.pk}/trial", {"sku0": variant.sku, "pieces0": "1", "sku1": "NOSUCH"})
    text = shown.content.decode()
    assert "Ten not applied: Twenty is better and saves $3.10 more." in text
    assert "There is no piece NOSUCH." in text
    assert "$24.80" in text
    assert not Redemption.objects.exists()


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.FULFILMENT, Role.CATALOGUE])
def test_others_do_not_get_in(staff, role):
    row, other = a_promotion(), staff(role)
    for address in ("/admin/promotions", f"/admin/promotions/{row.pk}", f"/admin/promotions/{row.pk}/codes.csv"):
        assert other.get(address).status_code == 403


def test_a_reader_sees_and_changes_nothing(staff):
    row = a_code("SPRING10").promotion
    reader = staff(Role.READ_ONLY)
    assert reader.get(f"/admin/promotions/{row.pk}").status_code == 200
    for address in ("", "/switch", "/codes"):
        assert reader.post(f"/admin/promotions/{row.pk}{address}", TYPED).status_code == 403


def test_products_can_be_chosen(marketing):
    product = a_product("Fern bodysuit")
    marketing.post("/admin/promotions/new", TYPED | {"products": [product.pk]})
    assert list(Promotion.objects.get().products.all()) == [product]
