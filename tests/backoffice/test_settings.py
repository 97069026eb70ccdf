from datetime import timedelta

import pytest

from kidspetite.foundation.content import queries as content
from kidspetite.foundation.content.models import Page, ShopSettings
from kidspetite.foundation.content.rules import faults_of
from kidspetite.foundation.content.types import ShopFacts
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.models import AuditEntry

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "Fern & Sons", "email": "hello@fern.example", "phone": "",
    "postal_address": "4 Tape Lane\nBrooklyn, NY 11201",
    "return_days": "30", "free_shipping_from": "60.00", "time_zone": "America/Chicago", "handling_days": "1",
    "cutoff_hour": "12", "low_stock_at": "4", "collects_tax_in": ["NY", "CA"], "holidays": "2026-12-25\n2027-01-01",
    "begins": "now",
}  # fmt: skip


def test_settings_hold_from_now_are_kept_and_audited(owner):
    assert owner.post("/admin/settings", TYPED).status_code == 302
    shop = content.shop_settings()
    assert (shop.name, shop.return_days, shop.free_shipping_from_minor) == ("Fern & Sons", 30, 6000)
    assert [day.isoformat() for day in shop.holidays] == ["2026-12-25", "2027-01-01"]
    owner.post("/admin/settings", TYPED | {"return_days": "45"})
    assert ShopSettings.objects.count() == 2
    assert AuditEntry.objects.filter(verb="content.save_shop_settings").latest("pk").facts["changed"] == {
        "return_days": [30, 45]
    }


def test_whoever_has_just_changed_them_sees_it_although_pages_remember_for_a_moment(owner, settings):
    owner.post("/admin/settings", TYPED)
    settings.FACTS_KEPT_SECONDS = 60.0
    content.shop_settings()
    owner.post("/admin/settings", TYPED | {"name": "Renamed"})
    assert 'value="Renamed"' in owner.get("/admin/settings").text


def test_a_later_change_waits_for_its_day_and_can_be_taken_back(owner):
    owner.post("/admin/settings", TYPED)
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    assert (
        owner.post("/admin/settings", TYPED | {"name": "Later", "begins": "later", "begins_on": day}).status_code == 302
    )
    assert content.shop_settings().name == "Fern & Sons"
    coming = ShopSettings.objects.get(name="Later")
    assert "Take it back" in owner.get("/admin/settings").content.decode()
    owner.post(f"/admin/settings/{coming.pk}/withdrawal")
    assert not ShopSettings.objects.filter(name="Later").exists()


def test_what_holds_is_never_taken_back(owner):
    owner.post("/admin/settings", TYPED)
    assert owner.post(f"/admin/settings/{ShopSettings.objects.get().pk}/withdrawal").status_code == 409
    assert ShopSettings.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("email", "no address"), ("return_days", "-1"), ("return_days", "abc"),
        ("time_zone", "Mars/Base"),
        ("free_shipping_from", "-3"), ("free_shipping_from", "1e30"), ("holidays", "christmas"), ("cutoff_hour", "25"),
        ("low_stock_at", "-1"), ("low_stock_at", "many"),
        ("collects_tax_in", ["ZZ"]), ("begins", "later"),
    ],
)  # fmt: skip
def test_a_bad_field_is_named_and_nothing_is_saved(owner, field, value):
    page = owner.post("/admin/settings", TYPED | {field: value})
    assert page.status_code == 422
    assert "Nothing was changed" in page.content.decode()
    assert "Fern &amp; Sons" in page.content.decode() or field == "name"
    assert not ShopSettings.objects.exists()


def test_a_page_is_looked_at_then_saved_clean(owner):
    Page.objects.create(slug="returns", title="Returns", body="Old", is_demo=True)
    typed = {
        "title": "Returns",
        "description": "",
        "body": "# New\n<script>alert(1)</script> **bold** {{shop.return_days}}",
    }
    look = owner.post("/admin/pages/returns", typed | {"look": "1"})
    assert "<strong>bold</strong>" in look.content.decode()
    assert "<script>alert" not in look.content.decode()
    assert Page.objects.get().body == "Old"
    assert owner.post("/admin/pages/returns", typed).status_code == 302
    page = Page.objects.get()
    assert (page.is_demo, page.body.startswith("# New")) == (False, True)


def test_a_new_page_needs_a_free_name(owner):
    assert owner.post("/admin/pages", {"title": "Care", "slug": "care"})["Location"] == "/admin/pages/care"
    for slug in ("care", "Big Letters", "../up"):
        assert owner.post("/admin/pages", {"title": "Care", "slug": slug}).status_code == 422


def test_a_place_without_a_sales_tax_is_no_tax_state():
    facts = ShopFacts(name="Kids Petite", collects_tax_in=["GU", "NY"])
    assert [words for field, words in faults_of(facts) if field == "collects_tax_in"] == [
        "Guam: no tax there that a shop elsewhere collects. Parcels go untaxed."
    ]
