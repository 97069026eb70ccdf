"""Renews docs/mails/: every letter of the shop at {320, 600} × {light, dark}, as WebP.

Start a shop with the demo goods (`./shop up --port 8000`); then, with its KP_DATA_DIR:
.shop/venv/bin/python docs/letters.py
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kidspetite.config.settings")

import django  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tests.browser import ARGUMENTS, see_that_there_is_one  # noqa: E402

FOLDER = Path(__file__).parent / "mails"
TO = "ana@home.example"
WORDS = "For Maya, who is two on Thursday.\nGrow slowly.\nבאהבה, סבתא"
LINK = "https://shop.example/sign-in/reset/3a-8f2c91d0e7b64a5f"


def all_letters() -> dict[str, str]:
    """The HTML of every letter by its name, about the demo shop's own orders."""
    from kidspetite.foundation.accounts import messages as accounts
    from kidspetite.foundation.accounts.models import Enquiry
    from kidspetite.foundation.kernel import clock
    from kidspetite.foundation.kernel.money import Money
    from kidspetite.foundation.notifications.types import Topic, Wish
    from kidspetite.sales.orders import messages as orders
    from kidspetite.sales.orders.models import Order
    from kidspetite.sales.orders.queries import order_view
    from kidspetite.sales.orders.types import Cancellation, OrderView, WayBack

    def an_order(status: str) -> OrderView:
        order = max(Order.objects.filter(status=status), key=lambda one: one.lines.count())
        day = clock.now().date()
        return replace(
            order_view(order), arrives_from=day + timedelta(days=3), arrives_to=day + timedelta(days=5),
            gift_message=WORDS,
        )  # fmt: skip

    paid, shipped, gone = an_order("paid"), an_order("shipped"), an_order("cancelled")
    enquiry = Enquiry(
        pk=1, name="Ana Vale", email=TO, order_number=paid.number,
        text="The snaps of the Harbour bodysuit: do they open with one hand?\n\nThe father has an arm in a cast.",
    )  # fmt: skip
    ended = Cancellation("paid", "", money_comes_back=True, was_being_checked=False)
    part = Money(min(1440, shipped.total.minor))
    letters = {
        "order-confirmation": orders.order_confirmation(paid),
        "order-shipped": orders.order_shipped(shipped),
        "order-cancelled": orders.order_cancelled(gone, ended),
        "order-refunded": orders.order_refunded(shipped, part, so_far=part, way=WayBack.SAME_WAY),
        "order-readdressed": orders.order_readdressed(paid, mark_id=1),
        "payment-failed": orders.payment_failed(paid),
        "refund-failed": orders.refund_failed(shipped, part, to="hello@kidspetite.example", mark=1),
        "newsletter-confirmation": accounts.newsletter_confirmation(Wish(TO, Topic.NEWSLETTER)),
        "password-reset": accounts.password_reset(TO, LINK),
        "no-such-account": accounts.no_such_account(TO),
        "account-exists": accounts.account_exists(TO),
        "email-verification": accounts.email_verification(TO, LINK),
        "account-changed": accounts.account_changed(TO, "A passkey was added."),
        "enquiry": accounts.enquiry_received(enquiry, "hello@kidspetite.example"),
    }
    return {name: letter.html for name, letter in letters.items()}


def take(browser: Browser, letters: dict[str, str], width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 600}, color_scheme=scheme)
    page = context.new_page()
    for name, html in letters.items():
        page.set_content(html, wait_until="load")
        picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
        picture.save(FOLDER / f"{name}-{width}-{scheme}.webp", quality=72, method=6)
    context.close()


def main(tell: Callable[[str], None] = print) -> None:
    django.setup()
    FOLDER.mkdir(exist_ok=True)
    letters = all_letters()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=see_that_there_is_one(), args=ARGUMENTS)
        for width in (320, 600):
            for scheme in ("light", "dark"):
                take(browser, letters, width, scheme)
        browser.close()
    tell(f"{len(letters)} letters, four pictures each, in {FOLDER}")


if __name__ == "__main__":
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    main()
