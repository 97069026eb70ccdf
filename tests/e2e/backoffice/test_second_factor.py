"""Staff and their second factor in a real browser, with production's settings behind TLS: passkey and authenticator."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser import ARGUMENTS, see_that_there_is_one
from tests.conftest import RUN
from tests.e2e.staff import PASSWORD, an_owner, sign_in
from tests.factories.app_codes import code_of
from tests.harness.production import fingerprint, production_shop
from tests.harness.server import ShopServer

pytestmark = pytest.mark.usefixtures("live_database")
THIRTY_DAYS = 30 * 24 * 3600


@pytest.fixture(scope="module")
def shop_server(django_db_setup) -> Iterator[ShopServer]:
    with production_shop(RUN, dict(os.environ), name="production") as shop:
        yield shop


@pytest.fixture(scope="module")
def browser(browser: Browser, shop_server: ShopServer) -> Iterator[Browser]:
    """A browser that trusts this one certificate: passkeys refuse to work where it has been waved through."""
    trust = f"--ignore-certificate-errors-spki-list={fingerprint(shop_server)}"
    own = browser.browser_type.launch(executable_path=see_that_there_is_one(), args=[*ARGUMENTS, trust])
    yield own
    own.close()


def a_passkey_holder(page: Page) -> CDPSession:
    """A device that makes passkeys and confirms its owner without asking."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def open_confirmed(page: Page, path: str) -> None:
    """Open a page that may first ask whether it is still the same person."""
    page.goto(path)
    if "/reauthenticate" in page.url:
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(f"**{path}")


def sign_out(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/admin" not in url)


def test_staff_set_up_a_passkey_before_any_page_opens_and_come_back_with_it(page: Page, axe: Callable[[Page], None]):
    a_passkey_holder(page)
    email = an_owner()
    sign_in(page, email)
    assert page.url.endswith("/account/2fa/")
    expect(page.get_by_text("The back office needs a second factor.")).to_be_visible()
    axe(page)
    open_confirmed(page, "/account/2fa/webauthn/add/")
    axe(page)
    page.locator("[name=name]").fill("Phone in the pocket")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(lambda url: "/webauthn/add" not in url)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    sign_out(page)
    sign_in(page, email, to="/admin/settings")
    assert "/account/2fa/authenticate/" in page.url
    axe(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "/authenticate/" not in url)
    if "/account/2fa/trust/" in page.url:
        page.get_by_role("button", name="Ask me every time").click()
        page.wait_for_url("**/admin/settings")
    expect(page.get_by_role("heading", name="Shop settings")).to_be_visible()


def test_a_passkey_alone_opens_the_door(page: Page, axe: Callable[[Page], None]):
    a_passkey_holder(page)
    sign_in(page, an_owner())
    page.goto("/account/2fa/webauthn/add/")  # a moment after signing in nobody is asked who they are once more
    page.locator("[name=name]").fill("Phone in the pocket")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(lambda url: "/webauthn/add" not in url)
    sign_out(page)
    page.goto("/sign-in?next=/admin/settings")
    axe(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/settings")
    expect(page.get_by_role("heading", name="Shop settings")).to_be_visible()


def test_a_passkey_that_is_not_shown_is_answered_in_words_and_missing_ones_are_not_offered(page: Page, open_page):
    a_passkey_holder(page)
    page.goto("/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("No passkey was taken.")).to_be_visible()
    elsewhere = open_page()
    elsewhere.add_init_script("delete window.PublicKeyCredential")
    elsewhere.goto("/sign-in")
    expect(elsewhere.get_by_role("button", name="Use a passkey")).to_be_hidden()
    without_script = open_page(java_script_enabled=False)
    without_script.goto("/sign-in")
    expect(without_script.get_by_role("button", name="Use a passkey")).to_be_hidden()


def test_an_app_asks_at_every_sign_in_until_a_device_is_remembered_for_thirty_days(page: Page):
    email = an_owner()
    sign_in(page, email)
    open_confirmed(page, "/account/2fa/totp/activate/")
    secret = page.locator("main code").inner_text().replace(" ", "")
    page.locator("[name=code]").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_url(lambda url: "/totp/activate" not in url)
    sign_out(page)
    sign_in(page, email)
    assert "/account/2fa/authenticate/" in page.url
    page.goto("/admin/")
    assert "/admin" not in page.url  # a password alone opens nothing
    page.locator("[name=code]").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".field-error").first).not_to_be_empty()
    page.locator("[name=code]").fill(code_of(secret, steps=1))  # the one that set it up is good once
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/account/2fa/trust/**")
    page.get_by_role("button", name="Remember for 30 days").click()
    page.wait_for_url("**/admin/")
    remembered = [cookie for cookie in page.context.cookies() if "trust" in cookie["name"]]
    assert len(remembered) == 1
    assert abs(remembered[0]["expires"] - time.time() - THIRTY_DAYS) < 120
    assert remembered[0]["secure"]
    assert remembered[0]["httpOnly"]
    sign_out(page)
    sign_in(page, email)
    assert page.url.endswith("/admin/")


def test_another_device_is_asked_all_the_same_and_cookies_are_hosts_own(open_page: Callable[..., Page]):
    page = open_page()
    a_passkey_holder(page)
    email = an_owner()
    sign_in(page, email)
    open_confirmed(page, "/account/2fa/webauthn/add/")
    page.locator("[name=name]").fill(f"key {secrets.token_hex(2)}")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(lambda url: "/webauthn/add" not in url)
    names = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert names["__Host-session"]["secure"]
    assert names["__Host-session"]["httpOnly"]
    stranger = open_page()
    sign_in(stranger, email)
    assert "/account/2fa/authenticate/" in stranger.url
    stranger.goto("/admin/orders")
    assert "/admin" not in stranger.url
