import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from kidspetite.faces.edge.staff import has_second_factor
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.accounts.types import Role
from kidspetite.foundation.kernel import clock
from tests.factories.app_codes import code_of

pytestmark = pytest.mark.django_db
PASSWORD = "measure-twice-cut-once"


@pytest.fixture
def production(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = True


def test_staff_without_one_are_sent_to_set_it_up(production, staff):
    client = staff(Role.OWNER)
    for path in ("/admin/", "/admin/orders", "/admin/orders/order/", "/admin/settings"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, "/account/2fa/")
    assert client.post("/admin/settings", {"name": "Mine"}).status_code == 302


def test_staff_with_one_come_in(production, staff):
    client = staff(Role.OWNER)
    TOTP.activate(User.objects.get(), generate_totp_secret())
    assert client.get("/admin/").status_code == 200


def test_it_is_optional_in_development(staff):
    assert staff(Role.OWNER).get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(staff):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    staff(Role.OWNER)
    user = User.objects.get()
    RecoveryCodes.activate(user)
    assert not has_second_factor(user)


def test_signing_in_asks_for_the_code_then_offers_to_remember_the_device(production, db):
    user = User.objects.create_user("boss@team.example", PASSWORD, is_staff=True, is_superuser=True)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()
    told = client.post("/sign-in", {"login": user.email, "password": PASSWORD, "next": "/admin/"})
    assert told["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/admin/").status_code == 302
    assert "One more thing" in client.get("/account/2fa/authenticate/").content.decode()
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    right = client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert right["Location"].startswith("/account/2fa/trust/")
    assert "30 days" in client.get("/account/2fa/trust/").content.decode()
    home = client.post("/account/2fa/trust/", {"action": "trust"})
    assert home["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    cookies = {name: morsel for name, morsel in client.cookies.items() if "trust" in name}
    assert [int(each["max-age"]) for each in cookies.values()] == [30 * 24 * 3600]


@pytest.fixture
def boss() -> User:
    return User.objects.create_user("boss@team.example", PASSWORD, is_staff=True, is_superuser=True)


@pytest.fixture
def secret(boss) -> str:
    secret = generate_totp_secret()
    TOTP.activate(boss, secret)
    return secret


def signing_in(code: str) -> bool:
    """Whether somebody who knows the password comes in with this code."""
    client = Client()
    client.post("/sign-in", {"login": "boss@team.example", "password": PASSWORD})
    return client.post("/account/2fa/authenticate/", {"code": code}).status_code == 302


@pytest.mark.parametrize(("steps", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_a_little_before_and_after_its_half_minute(secret, steps, is_good, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    assert signing_in(code_of(secret, steps=steps)) is is_good


def test_a_code_is_good_once_for_as_long_as_it_is_good(secret, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    code = code_of(secret, steps=1)
    assert signing_in(code)
    assert not signing_in(code)
    time_machine.shift(31)  # allauth has forgotten it by now
    assert not signing_in(f"{code[:3]} {code[3:]}")
    assert signing_in(code_of(secret, steps=1))


def test_the_code_that_set_the_app_up_signs_nobody_in(boss):
    client = Client()
    client.post("/sign-in", {"login": boss.email, "password": PASSWORD})
    client.get("/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code = code_of(secret)
    assert client.post("/account/2fa/totp/activate/", {"code": code}).status_code == 302
    assert not signing_in(code)
    assert signing_in(code_of(secret, steps=1))


def test_the_pages_of_the_second_factor_are_ours(staff):
    client = staff(Role.OWNER)
    user = User.objects.get()
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "Passkey" in client.get("/account/2fa/").content.decode()
    assert client.get("/account/2fa/totp/activate/").status_code == 302  # asks whether it is still you
    client.post("/account/reauthenticate", {"password": PASSWORD})
    for path, words in (
        ("/account/2fa/totp/activate/", "Scan this with the app"),
        ("/account/2fa/webauthn/add/", "Add a passkey"),
        ("/account/2fa/webauthn/", "Your passkeys"),
    ):
        page = client.get(path)
        assert words in page.content.decode(), path
        assert "unsafe" not in page["Content-Security-Policy"]
    secret = client.session["mfa.totp.secret"]
    assert client.post("/account/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    for path in (
        "/account/2fa/recovery-codes/",
        "/account/2fa/recovery-codes/generate/",
        "/account/2fa/totp/deactivate/",
    ):
        assert client.get(path).status_code == 200, path
