"""Every page of the back office × every role: who gets in, who does not."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, reverse

from kidspetite.faces.backoffice.urls import urlpatterns
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.accounts.types import Role, may
from tests.factories.catalog import a_product
from tests.factories.checkout import a_stocked_variant
from tests.factories.orders import a_paid_order

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OPEN_TO_ALL_STAFF = {"entrance", "home", "find"}


@pytest.fixture
def addresses(db) -> dict[str, str]:
    order = a_paid_order()
    sku, product = order.lines.get().sku, a_product().pk
    return {
        "number": order.number, "sku": sku, "pk": product, "photo": 1, "slug": "returns", "kind": "welcome",
    }  # fmt: skip


def _path(pattern: URLPattern, addresses: dict[str, object]) -> str:
    wanted = pattern.pattern.converters
    return reverse(f"desk:{pattern.name}", kwargs={name: addresses[name] for name in wanted})


@pytest.mark.parametrize("role", list(Role))
def test_own_pages_open_to_the_role_that_holds_their_permission(role, staff, addresses):
    client = staff(role)
    for pattern in urlpatterns:
        if pattern.name in OPEN_TO_ALL_STAFF:
            continue
        path = _path(pattern, addresses)
        view = pattern.callback
        for method, permission in (("get", view.to_see), ("post", view.to_change)):
            status = getattr(client, method)(path).status_code
            if status == 405:
                continue
            assert (status == 403) == (not may(role, permission)), (role, method, path, status)


def test_every_own_page_says_which_permission_opens_it():
    silent = {each.name for each in urlpatterns if not hasattr(each.callback, "to_see")}
    assert silent == OPEN_TO_ALL_STAFF


@pytest.mark.parametrize("role", list(Role))
def test_raw_rows_open_to_the_role_that_may_view_them(role, staff):
    client = staff(role)
    for model in admin.site._registry:
        label, name = model._meta.app_label, model._meta.model_name
        status = client.get(reverse(f"admin:{label}_{name}_changelist")).status_code
        sees = may(role, f"{label}.view_{name}") or may(role, f"{label}.change_{name}")
        assert status == (200 if sees else 403), (role, label, name, status)
        adds = client.get(reverse(f"admin:{label}_{name}_add")).status_code
        if not may(role, f"{label}.add_{name}"):
            assert adds == 403, (role, label, name, adds)


@pytest.mark.parametrize("model", ["stocklevel", "movement", "hold"])
def test_stock_is_read_only_even_for_the_owner(owner, model):
    assert owner.get(reverse(f"admin:inventory_{model}_add")).status_code == 403


@pytest.mark.parametrize(
    "name", ["payments_payment", "orders_order", "plumbing_auditentry", "procrastinate_procrastinatejob"]
)
def test_money_orders_and_records_are_read_only_even_for_the_owner(owner, name):
    assert owner.get(reverse(f"admin:{name}_add")).status_code == 403


def test_strangers_are_sent_to_the_shops_sign_in_and_come_back():
    for path in ("/admin/", "/admin/orders", "/admin/catalog/product/?q=fern"):
        response = Client().get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in?next=/admin/")
    assert Client().get("/admin/login/?next=/admin/stock")["Location"] == "/sign-in?next=/admin/stock"


def test_customers_may_not_come_in(db):
    client = Client()
    client.force_login(
        User.objects.create_user("maya@home.example"), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/orders/order/").status_code == 403


def test_support_sees_customers_but_no_colleagues_and_changes_no_addresses_of_sign_in(staff):
    client = staff(Role.SUPPORT)
    boss = User.objects.create_user("boss@team.example", is_staff=True)
    customer = User.objects.create_user("maya@home.example", name="Maya")
    assert client.get(reverse("admin:accounts_user_change", args=[boss.pk])).status_code == 302
    page = reverse("admin:accounts_user_change", args=[customer.pk])
    empty = {"addresses-TOTAL_FORMS": "0", "addresses-INITIAL_FORMS": "0"}
    client.post(page, {"email": "mine@thief.example", "name": "Maya A", "phone": "", "is_staff": "on", **empty})
    customer.refresh_from_db()
    assert (customer.email, customer.name, customer.is_staff) == ("maya@home.example", "Maya A", False)


def test_an_owner_cannot_touch_a_superuser(owner):
    root = User.objects.create_superuser("root@team.example")
    page = owner.post(reverse("admin:accounts_user_change", args=[root.pk]), {"email": "x@team.example"})
    assert page.status_code == 403


def test_a_letter_that_opens_an_account_is_not_shown(owner):
    from kidspetite.foundation.notifications.models import Message

    row = Message.objects.create(key="reset:1", kind="password-reset", to="a@b.example", subject="Reset", text="SECRET")
    page = owner.get(reverse("admin:notifications_message_change", args=[row.pk]))
    assert "SECRET" not in page.content.decode()


def test_pages_of_the_desk_are_strict_and_unfolds_are_not(owner):
    a_stocked_variant()
    for path in ("/admin/", "/admin/orders", "/admin/stock", "/admin/settings", "/admin/pages"):
        policy = owner.get(path)["Content-Security-Policy"]
        assert "unsafe" not in policy, path
    raw = owner.get("/admin/catalog/product/")["Content-Security-Policy"]
    assert "'unsafe-eval'" in raw
    assert "script-src 'self' 'unsafe-eval';" in raw + ";"
