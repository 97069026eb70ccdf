"""A guest pays through Stripe: the elements' code calls what Stripe documents, and the shop does the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kidspetite.sales.orders.models import Order
from tests.e2e.account.test_account import new_email, open_account
from tests.e2e.paying.stripe_js import STRIPE_JS
from tests.e2e.steps import a_style, add, fill_shipping, pay
from tests.fakes.stripe_server import KEY, WEBHOOK_SECRET, FakeStripe, fake_stripe
from tests.harness.database import RUN_VARIABLE, TestRun
from tests.harness.pages import PHONE, is_fault
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
        page.on("pageerror", lambda error: is_fault(error) and faults.append(str(error)))
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
    page.evaluate("document.querySelector('.pay-form').submit = () => {}")
    page.get_by_role("button", name="On to a last look").click()
    expect(page.locator(".pay-form [name=token]")).not_to_have_value("hosted")
    total = page.locator("[name=expected_total_cents]").first.input_value()
    assert page.evaluate("window.stripeCalls") == [
        ["Stripe", "pk_test_fake"],
        ["elements", "payment", int(total)],
        ["mount", "payment"],
        ["elements", "payment", int(total)],
        ["mount", "expressCheckout"],
        ["submit"],
        ["createConfirmationToken", "Maya Alvarez", None],
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


def test_a_product_is_bought_alone_with_the_wallets_address(visitor: Callable[..., Page], axe: Any):
    page = visitor()
    style = a_style("Express sleepsuit")
    page.goto(f"/products/{style.slug}")
    assert page.locator("script[src*='stripe']").count() == 0, "catalogue pages never load it"
    page.locator("#add-form label", has_text="3–6 m").first.click()
    page.get_by_role("button", name="Buy now, with a wallet").click()
    expect(page.get_by_role("heading", name="Buy now")).to_be_visible()
    axe(page)
    page.evaluate("window.stripeRate = 'express'")
    page.get_by_role("button", name="Apple Pay").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    order = Order.objects.latest("pk")
    assert (order.status, order.shipping_method, order.email) == ("paid", "express", "maya@home.example")
    assert order.lines.get().sku.startswith(style.variants.first().sku[:3])


def test_the_wallets_sheet_shows_what_the_shop_charges(visitor: Callable[..., Page]):
    page = visitor()
    style = a_style("Sheet bodysuit", sizes=("3m",))
    page.goto(f"/checkout/express?sku={style.variants.get().sku}")
    page.evaluate("HTMLFormElement.prototype.submit = () => {}")
    page.get_by_role("button", name="Apple Pay").click()
    expect(page.locator("express-pay [name=token]")).not_to_have_value("")
    calls = page.evaluate("window.stripeCalls")
    total = int(page.locator("express-pay [name=expected_total_cents]").input_value())
    assert ["sheet", total, total] in calls, "amount, and lines with shipping, are the one total"
    assert [call[0] for call in calls] == [
        "Stripe", "elements", "mount", "update", "shippingaddresschange", "sheet", "submit", "createConfirmationToken",
    ]  # fmt: skip


def test_a_place_we_do_not_send_to_is_rejected_in_the_sheet(visitor: Callable[..., Page]):
    page = visitor()
    style = a_style("Far bodysuit", sizes=("3m",))
    page.goto(f"/checkout/express?sku={style.variants.get().sku}")
    page.evaluate("window.stripeHome = {state: 'Bavaria', postal_code: '80331'}")
    page.get_by_role("button", name="Apple Pay").click()
    expect(page.locator("html[data-rejected]")).to_have_count(1)


def test_a_declined_wallet_says_so_where_the_shopper_is(visitor: Callable[..., Page]):
    page = visitor()
    style = a_style("Declined wallet bodysuit", sizes=("3m",))
    page.goto(f"/checkout/express?sku={style.variants.get().sku}")
    page.evaluate("window.stripeCard = 'chargeDeclined'")
    page.get_by_role("button", name="Apple Pay").click()
    expect(page.get_by_text("nothing was charged", exact=False)).to_be_visible()
    page.get_by_role("button", name="Apple Pay").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_without_a_wallet_on_the_device_the_other_way_is_shown(visitor: Callable[..., Page]):
    page = visitor()
    page.add_init_script("window.stripeNoWallet = true")
    style = a_style("Walletless bodysuit", sizes=("3m",))
    page.goto(f"/checkout/express?sku={style.variants.get().sku}")
    expect(page.get_by_text("There is no wallet on this device.")).to_be_visible()
    expect(page.get_by_role("button", name="Put it in the basket instead")).to_be_visible()


def test_a_card_is_saved_with_a_purchase_and_pays_the_next_one(
    visitor: Callable[..., Page], bank: FakeStripe, axe: Any
):
    page = visitor()
    open_account(page, new_email())
    to_the_payment_step(page, "Ticked bodysuit")
    page.get_by_label("Save this card for next time").check()
    page.get_by_role("button", name="On to a last look").click()
    pay(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Order.objects.latest("pk").payments.get().keeps_card
    to_the_payment_step(page, "Second bodysuit")
    expect(page.get_by_role("radio", name="Visa ending 4242")).to_be_checked()
    expect(page.get_by_text("[card field]")).to_be_hidden()
    axe(page)
    page.get_by_role("button", name="On to a last look").click()
    pay(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    payment = Order.objects.latest("pk").payments.get()
    assert payment.method in bank.ledger.vault.methods


def test_a_card_is_added_in_the_account_by_the_element_in_setup_mode(visitor: Callable[..., Page]):
    page = visitor()
    open_account(page, new_email())
    page.goto("/account/payments/new")
    expect(page.get_by_text("[card field]")).to_be_visible()
    assert ["elements", "setup", None] in page.evaluate("window.stripeCalls")
    page.get_by_role("button", name="Save the card").click()
    expect(page.get_by_text("Visa ending 4242 is in your account.")).to_be_visible()
