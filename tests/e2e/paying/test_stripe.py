"""A guest pays through Stripe: the elements' code calls what Stripe documents, and the shop does the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kidspetite.sales.orders.models import Order
from tests.e2e.paying.stripe_js import STRIPE_JS
from tests.e2e.steps import a_style, add, fill_shipping, pay
from tests.fakes.stripe_server import KEY, WEBHOOK_SECRET, FakeStripe, fake_stripe
from tests.harness.database import RUN_VARIABLE, TestRun
from tests.harness.pages import PHONE
from tests.harness.server import ShopServer, running_shop


@pytest.fixture(scope="module")
def bank() -> Iterator[FakeStripe]:
    with fake_stripe() as fake:
        yield fake


@pytest.fixture(scope="module")
def stripe_shop(bank: FakeStripe) -> Iterator[ShopServer]:
    """A shop with Stripe's keys, whose Stripe is the one of this module."""
    keys = {
        "STRIPE_SECRET_KEY": KEY, "STRIPE_PUBLISHABLE_KEY": "pk_test_fake", "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STRIPE_API_BASE": bank.url,
    }  # fmt: skip
    run = TestRun(Path(os.environ[RUN_VARIABLE]))
    with running_shop(run, {**os.environ, **keys}, name="stripe", workers=1) as shop:
        yield shop


@pytest.fixture
def books(stripe_shop: ShopServer, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """This process's ORM looks at that shop's database."""
    from django.db import connections

    default = connections["default"].settings_dict
    connections.close_all()
    own, default["NAME"] = default["NAME"], stripe_shop.database
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    default["NAME"] = own


@pytest.fixture
def visitor(browser: Browser, stripe_shop: ShopServer, books: None) -> Iterator[Callable[..., Page]]:
    """`visitor(**context options)`: somebody whose browser loads our stand-in where Stripe.js would come from."""
    contexts, faults = [], []

    def new(script: str | None = STRIPE_JS, **options: Any) -> Page:
        context = browser.new_context(base_url=stripe_shop.url, locale="en-US", **{**PHONE, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        answer = {"body": script, "content_type": "text/javascript"}
        page.route("https://js.stripe.com/**", lambda route: route.fulfill(**answer) if script else route.abort())
        return page

    yield new
    for context in contexts:
        context.close()
    assert not faults, faults


def to_the_payment_step(page: Page, name: str) -> None:
    add(page, a_style(name))
    page.wait_for_timeout(300)
    fill_shipping(page)
    expect(page.get_by_role("heading", name="How do you pay?")).to_be_visible()


def test_the_card_element_makes_a_token_and_the_last_look_pays(
    visitor: Callable[..., Page], bank: FakeStripe, axe: Any
):
    page = visitor()
    to_the_payment_step(page, "Elements sleepsuit")
    expect(page.get_by_text("[card field]")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="On to a last look").click()
    expect(page.get_by_text("visa 4242")).to_be_visible()
    pay(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    order = Order.objects.latest("pk")
    assert order.status == "paid"
    assert bank.ledger.taken(order.payments.get().key) == order.total_minor


def test_the_calls_are_those_that_stripe_documents(visitor: Callable[..., Page]):
    page = visitor()
    to_the_payment_step(page, "Documented bodysuit")
    expect(page.get_by_text("[card field]")).to_be_visible()
    page.evaluate("document.querySelector('card-form form').submit = () => {}")
    page.get_by_role("button", name="On to a last look").click()
    page.wait_for_function("document.querySelector('card-form [name=token]').value !== ''")
    total = page.locator("[name=expected_total_cents]").first.input_value()
    assert page.evaluate("window.stripeCalls") == [
        ["Stripe", "pk_test_fake"],
        ["elements", int(total), "automatic"],
        ["mount", "expressCheckout"],
        ["mount", "payment"],
        ["submit"],
        ["createConfirmationToken", "Maya Alvarez", "maya@home.example"],
    ]


def test_a_wallet_pays_in_one_step(visitor: Callable[..., Page]):
    page = visitor()
    to_the_payment_step(page, "Wallet bodysuit")
    page.get_by_role("button", name="Apple Pay").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Order.objects.latest("pk").status == "paid"


def test_what_stripe_finds_wrong_is_said_beside_the_field(visitor: Callable[..., Page], axe: Any):
    page = visitor()
    to_the_payment_step(page, "Faulty bodysuit")
    expect(page.get_by_text("[card field]")).to_be_visible()
    page.evaluate("window.stripeFault = 'Your card number is incomplete.'")
    page.get_by_role("button", name="On to a last look").click()
    expect(page.get_by_role("alert").filter(has_text="Your card number is incomplete.")).to_be_visible()
    expect(page.get_by_role("button", name="On to a last look")).to_be_enabled()
    axe(page)


@pytest.mark.parametrize("how", [{"java_script_enabled": False}, {"script": None}], ids=["no script", "script blocked"])
def test_without_stripes_script_its_own_page_takes_the_card(
    how: dict[str, Any], visitor: Callable[..., Page], bank: FakeStripe
):
    page = visitor(**how)
    to_the_payment_step(page, f"Hosted bodysuit {len(how)}{'script' in how}")
    page.get_by_role("button", name="On to a last look").click()
    page.route(
        f"{bank.url}/pay/**", lambda route: route.fulfill(body="<h1>Stripe's page</h1>", content_type="text/html")
    )
    pay(page)
    expect(page.get_by_role("heading", name="Stripe's page")).to_be_visible()
    order = Order.objects.latest("pk")
    bank.ledger.pay_page(order.payments.get().reference)
    page.goto(f"/checkout/complete/{order.token}")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Order.objects.get(pk=order.pk).status == "paid"
