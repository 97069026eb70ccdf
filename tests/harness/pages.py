"""Browser fixtures: a phone, a desktop, a phone without JavaScript; a page that logs an error fails its test."""

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import ARGUMENTS, see_that_there_is_one

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
HERE = {"127.0.0.1", "localhost", ""}
STEP_MS = 15_000
expect.set_options(timeout=STEP_MS)  # Playwright's own five seconds are little on a machine with other work
# Where a test routes requests, Chromium carries nothing from page to page, and says so, each version in its own words.
GIVEN_UP = ("ViewTransition opt-in disabled", "Transition was skipped")

SETTLED = """async () => {
  await document.fonts.ready
  await Promise.all([...document.images].filter((one) => one.complete).map((one) => one.decode().catch(() => {})))
  for (let frames = 0; frames < 3; frames++) await new Promise((painted) => requestAnimationFrame(painted))
  await new Promise((idle) => requestIdleCallback(idle, {timeout: 2000}))
}"""

STILL = """() => Promise.all(document.getAnimations()
  .filter(({effect, playState}) => playState === 'running' && effect.getComputedTiming().endTime < Infinity)
  .map((one) => one.finished.catch(() => {}))).then(() => null)"""


def is_fault(error: object) -> bool:
    """Whether what a page reports is one: a picture that does not move along is none."""
    return not str(error).endswith(GIVEN_UP)


def wait_until(page: Page, holds: str) -> None:
    """Wait for something that a script can tell. Playwright's own way evaluates text in the page, which our policy
    forbids from the second look on."""
    for _ in range(STEP_MS // 50):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {holds}")


def settle(page: Page) -> None:
    """Wait until what has arrived is painted, and what watches the page has been told of it: on a busy machine long
    after the line has fallen quiet."""
    page.evaluate(SETTLED)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "true"  # Playwright's loop runs in this thread; the ORM may be used beside it
    )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=see_that_there_is_one(), args=ARGUMENTS)
        yield chromium
        chromium.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def open_page(browser: Browser, shop_server: Any) -> Iterator[Callable[..., Page]]:
    """`open_page(**context options)` gives a new visitor's page. At the end no page may have logged an error."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def new(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": shop_server.url, "locale": "en-US", **PHONE, **options})
        contexts.append(context)
        context.set_default_timeout(STEP_MS)
        context.route(lambda url: urlsplit(url).hostname not in HERE | {None}, lambda route: route.abort())
        page = context.new_page()
        page.on("pageerror", lambda error: is_fault(error) and errors.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _note(message, page, errors))
        page.console_errors = errors  # type: ignore[attr-defined] - a test that expects errors may clear it
        return page

    yield new
    for context in contexts:
        context.close()
    assert not errors, "\n".join(errors)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A phone."""
    return open_page()


@pytest.fixture
def desktop_page(open_page: Callable[..., Page]) -> Page:
    return open_page(**DESKTOP, device_scale_factor=1, has_touch=False, is_mobile=False)


@pytest.fixture
def plain_page(open_page: Callable[..., Page]) -> Page:
    """A phone with JavaScript off."""
    return open_page(java_script_enabled=False)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails on any accessibility violation of the page, once it is whole and nothing moves in it."""
    from axe_playwright_python.sync_playwright import Axe

    checker = Axe()

    def check(page: Page) -> None:
        page.wait_for_load_state()
        page.evaluate(STILL)
        results = checker.run(page)
        assert results.violations_count == 0, results.generate_report()

    return check


def _note(message: Any, page: Page, errors: list[str]) -> None:
    """A refused form (4xx) is no fault of the page, and Chromium reports it as an error of its own."""
    if message.type == "error" and not (
        message.text.startswith("Failed to load resource") and "status of 4" in message.text
    ):
        errors.append(f"{page.url}: {message.text}")
