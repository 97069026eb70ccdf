"""Which unsafe requests pass, and which are forged. Every row of the table runs with every unsafe method."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from kidspetite.sales.cart.models import CartLine
from tests.factories.checkout import a_selling_shop, a_stocked_variant

pytestmark = [pytest.mark.urls("tests.edge.doors"), pytest.mark.django_db]

OURS, OTHER = "http://testserver", "https://evil.example"
UNSAFE = ("post", "put", "patch", "delete")
PASSES, REFUSED = 200, 403

TABLE = [
    # Sec-Fetch-Site, Origin, token, outcome
    ("same-origin", None, None, PASSES),
    ("same-origin", OURS, None, PASSES),
    ("same-origin", None, "right", PASSES),
    ("same-origin", None, "wrong", REFUSED),
    ("same-origin", None, "garbage", REFUSED),
    ("same-site", None, None, REFUSED),
    ("same-site", OURS, "right", REFUSED),
    ("cross-site", None, None, REFUSED),
    ("cross-site", OURS, "right", REFUSED),
    ("cross-site", OTHER, None, REFUSED),
    ("none", None, None, REFUSED),
    ("none", OURS, None, REFUSED),
    ("none", None, "right", PASSES),
    ("none", OTHER, "right", REFUSED),
    ("nonsense", None, "right", REFUSED),
    (None, OURS, None, PASSES),
    (None, OURS, "right", PASSES),
    (None, OURS, "wrong", REFUSED),
    (None, OTHER, None, REFUSED),
    (None, OTHER, "right", REFUSED),
    (None, "null", None, REFUSED),
    (None, "null", "right", REFUSED),
    (None, "https://testserver", None, REFUSED),  # another scheme is another origin
    (None, "http://testserver:81", None, REFUSED),
    (None, "http://testserver.evil.example", None, REFUSED),
    (None, None, None, REFUSED),
    (None, None, "right", PASSES),
    (None, None, "wrong", REFUSED),
    (None, None, "garbage", REFUSED),
]


@pytest.fixture
def browser() -> Client:
    """A visitor who has opened a form: the token's cookie is there, and a session."""
    client = Client(enforce_csrf_checks=True)
    client.token = client.get("/form").content.decode()
    client.cookies[settings.SESSION_COOKIE_NAME] = "s" * 32
    return client


def headers_of(site: str | None, origin: str | None) -> dict[str, str]:
    pairs = {"Sec-Fetch-Site": site, "Origin": origin}
    return {name: value for name, value in pairs.items() if value is not None}


def token_of(browser: Client, kind: str | None) -> str | None:
    other = browser.token[:-1] + ("a" if browser.token[-1] != "a" else "b")
    return {"right": browser.token, "wrong": other, "garbage": "<>", None: None}[kind]


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("path", ["/echo", "/api/echo"])
@pytest.mark.parametrize(("site", "origin", "token", "outcome"), TABLE)
def test_an_unsafe_request_passes_only_from_our_own_pages(browser, method, path, site, origin, token, outcome):
    sent = token_of(browser, token)
    headers = headers_of(site, origin) | ({"X-CSRFToken": sent} if sent else {})
    assert getattr(browser, method)(path, headers=headers).status_code == outcome


@pytest.mark.parametrize(("site", "origin", "token", "outcome"), TABLE)
def test_a_form_field_counts_as_the_token_too(browser, site, origin, token, outcome):
    sent = token_of(browser, token)
    data = {"a": "1"} | ({"csrfmiddlewaretoken": sent} if sent else {})
    assert browser.post("/echo", data, headers=headers_of(site, origin)).status_code == outcome


def test_an_empty_token_is_a_wrong_one(browser):
    answer = browser.post("/echo", {"csrfmiddlewaretoken": ""}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == REFUSED


def test_a_token_without_its_cookie_is_a_wrong_one(browser):
    del browser.cookies[settings.CSRF_COOKIE_NAME]
    answer = browser.post("/echo", {"csrfmiddlewaretoken": browser.token}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == REFUSED


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_safe_methods_pass_from_everywhere(browser, method):
    assert getattr(browser, method)("/echo", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


EXEMPT = [
    # path, headers, session cookie sent
    ("/api/webhooks/stripe", {}, True),
    ("/api/vitals", {}, True),
    ("/unsubscribe/echo", {}, True),
    ("/api/echo", {"Authorization": "Bearer abc"}, True),
    ("/echo", {"Authorization": "Bearer abc"}, True),
    ("/api/echo", {}, False),
]
NOT_EXEMPT = [
    ("/webhooks/stripe", {}, True),
    ("/vitals", {}, True),
    ("/echo", {}, False),
    ("/api/echo", {}, True),
    ("/api/echo", {"Authorization": "Basic dXNlcjpwYXNz"}, True),
    ("/api/echo", {"Authorization": "Negotiate abc"}, True),
    ("/api/echo", {"Authorization": ""}, True),
    ("/marked", {}, True),
]


@pytest.mark.parametrize(
    ("path", "headers", "has_session", "outcome"),
    [(*row, PASSES) for row in EXEMPT] + [(*row, REFUSED) for row in NOT_EXEMPT],
)
def test_the_list_of_exemptions_is_this_one(path, headers, has_session, outcome):
    client = Client(enforce_csrf_checks=True)
    if has_session:
        client.cookies[settings.SESSION_COOKIE_NAME] = "s" * 32
    answer = client.post(path, headers={"Sec-Fetch-Site": "cross-site", "Origin": OTHER, **headers})
    assert answer.status_code == outcome


def test_vitals_are_exempt_for_post_only():
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = "s" * 32
    assert client.delete("/api/vitals", headers={"Sec-Fetch-Site": "cross-site"}).status_code == REFUSED


def test_the_refusal_is_calm_and_keeps_search(browser):
    answer = browser.post("/echo", headers={"Sec-Fetch-Site": "cross-site"})
    assert b"/search" in answer.content
    assert b"from another site" in answer.content


def test_the_refusal_is_a_problem_in_the_api(browser):
    answer = browser.post("/api/echo", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.json()["code"] == "edge.cross_site"
    assert answer["Content-Type"] == "application/problem+json"


class Hidden(HTMLParser):
    """The fields of the form that a page asks to be sent again."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.action = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("type") == "hidden":
            self.fields.append((given["name"], given["value"]))
        if tag == "form" and given.get("method") == "post" and given.get("action") != "/newsletter":
            self.action = given["action"]


def old_browser() -> Client:
    """One that says neither where a form came from nor, on a page that is the same for everybody, has a token."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.urls("kidspetite.config.urls")
def test_a_form_of_a_kept_page_is_confirmed_where_the_browser_says_nothing():
    a_selling_shop()
    variant = a_stocked_variant(5)
    browser = old_browser()
    asked = browser.post("/cart/items", {"sku": variant.sku, "note": '"><script>'})
    assert asked.status_code == REFUSED
    assert asked["Cache-Control"] == "private, no-store"
    form = Hidden(asked.content)
    assert form.action == "/cart/items"
    assert {"sku", "note", "csrfmiddlewaretoken"} == {name for name, _value in form.fields}
    assert dict(form.fields)["note"] == '"><script>'
    assert CartLine.objects.count() == 0, "nothing is done before somebody confirms"
    assert browser.post(form.action, dict(form.fields)).status_code == 302
    assert CartLine.objects.get().variant_id == variant.pk


@pytest.mark.urls("kidspetite.config.urls")
@pytest.mark.parametrize(
    ("path", "data", "headers"),
    [
        ("/cart/items", {"sku": "X"}, {"Origin": OTHER}),
        ("/cart/items", {"sku": "X"}, {"Sec-Fetch-Site": "cross-site"}),
        ("/cart/items", {"sku": "X", "csrfmiddlewaretoken": "wrong"}, {}),
        ("/cart/items", {"sku": "X" * 301}, {}),
        ("/cart/items", {f"field-{number}": "1" for number in range(13)}, {}),
        ("/cart/items", {}, {}),
        ("/sign-in", {"login": "mia@mail.example", "password": "s3cret"}, {}),
        ("/account/email", {"email": "mia@mail.example"}, {}),
    ],
)
def test_everything_else_is_refused_and_not_shown_again(path, data, headers):
    a_selling_shop()
    answer = old_browser().post(path, data, headers=headers)
    assert answer.status_code == REFUSED
    assert Hidden(answer.content).action == ""
    assert b"s3cret" not in answer.content
