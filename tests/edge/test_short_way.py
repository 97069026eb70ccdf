"""A measurement that is right never reaches Django; one that is not reaches it whole."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from kidspetite.config.env import Rate
from kidspetite.faces.edge.short_way import with_short_way
from kidspetite.foundation.vitals.operations import counting

pytestmark = pytest.mark.django_db  # the way ends by looking at the connection, whether it was used or not

GOOD = {"page": "home", "device": "desktop", "metrics": [{"name": "LCP", "value": 900}, {"name": "CLS", "value": 0.01}]}


class Behind:
    """Django's place: notes what still reaches it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.bodies.append(environ["wsgi.input"].read())
        start_response("299 Behind", [])
        return []


@pytest.fixture(autouse=True)
def tally(monkeypatch) -> counting.Tally:
    fresh = counting.Tally()
    monkeypatch.setattr(counting, "_tally", fresh)
    return fresh


@pytest.fixture
def behind() -> Behind:
    return Behind()


def tell(app: Any, body: object = GOOD, **environ: str) -> str:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    said: list[str] = []
    asked = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/api/vitals", "QUERY_STRING": "", "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": str(len(data)), "HTTP_HOST": "testserver", "SERVER_NAME": "testserver", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(data),
        "wsgi.errors": io.StringIO(), "REMOTE_ADDR": "203.0.113.9", **environ,
    }  # fmt: skip
    list(with_short_way(app)(asked, lambda status, headers, error=None: said.append(status)))
    return said[-1]


def test_what_is_right_is_counted_without_a_question_to_the_database(behind, tally, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert tell(behind) == "204 No Content"
    assert behind.bodies == []
    assert dict(tally._counts) == {("home", "desktop", "LCP", 1000): 1, ("home", "desktop", "CLS", 10): 1}


@pytest.mark.parametrize("environ", [{"HTTP_SEC_GPC": "1"}, {"HTTP_DNT": "1"}])
def test_whoever_asks_not_to_be_followed_is_not_counted(behind, tally, environ):
    assert tell(behind, **environ) == "204 No Content"
    assert not tally._counts


@pytest.mark.parametrize(
    ("body", "environ"),
    [
        ({**GOOD, "page": "/"}, {}),
        (b"{", {}),
        (GOOD, {"HTTP_HOST": "other.example"}),
        (GOOD, {"HTTP_HOST": ""}),
        (GOOD, {"REQUEST_METHOD": "PUT"}),
        (GOOD, {"PATH_INFO": "/api/vitals/"}),
        (GOOD, {"CONTENT_LENGTH": ""}),
        (GOOD, {"CONTENT_LENGTH": "x"}),
        (GOOD, {"CONTENT_LENGTH": "2000"}),
        (GOOD, {"CONTENT_LENGTH": "-1"}),
    ],
    ids=range(10),
)
def test_anything_else_goes_on_whole(behind, tally, body, environ):
    assert tell(behind, body, **environ) == "299 Behind"
    assert not tally._counts
    assert behind.bodies == [body if isinstance(body, bytes) else json.dumps(body).encode()]


def test_where_the_shop_lives_behind_tls_a_plain_call_goes_on(behind, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    assert tell(behind) == "299 Behind"
    assert tell(behind, HTTP_X_FORWARDED_PROTO="https") == "204 No Content"


@pytest.mark.django_db(transaction=True)
def test_one_call_too_many_is_told_by_django(settings, tally):
    settings.RATE_LIMITS_ON = True
    settings.RATES = {**settings.RATES, "browse": Rate(2, 60)}
    shop = get_wsgi_application()
    answers = [tell(shop, REMOTE_ADDR="203.0.113.77") for _ in range(4)]
    assert answers == ["204 No Content"] * 2 + ["429 Too Many Requests"] * 2
    assert set(tally._counts.values()) == {2}
