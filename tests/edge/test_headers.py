"""The headers of every kind of answer, and who may share it."""

from __future__ import annotations

import pytest
from django.test import Client

from kidspetite.faces.edge.caching import PersonalPage

pytestmark = [pytest.mark.urls("tests.edge.doors"), pytest.mark.django_db]

STRICT = "default-src 'none'; script-src 'self'; style-src 'self';"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    "path", ["/echo", "/shared", "/nowhere", "/boom", "/refuse/locked", "/api/echo", "/api/nowhere", "/admin/catalog/"]
)
def test_every_answer_carries_them(client, path):
    answer = client.get(path)
    assert {name: answer.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "camera=()" in answer["Permissions-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/echo", "/shared", "/nowhere", "/boom", "/api/echo", "/admin/", "/admin/orders", "/adminx"]
)
def test_our_own_pages_allow_nothing_inline(client, path):
    policy = client.get(path)["Content-Security-Policy"]
    assert policy.startswith(STRICT)
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/admin/catalog/", "/admin/login/", "/admin/nowhere/"])
def test_the_raw_staff_screens_get_a_policy_of_their_own_and_no_more(client, path):
    policy = client.get(path)["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval';" in policy
    assert "style-src 'self' 'unsafe-inline';" in policy
    assert policy.count("unsafe") == 2
    assert "default-src 'none'" in policy


def test_nothing_is_shared_unless_its_view_says_so(client):
    assert client.get("/echo")["Cache-Control"] == "private, no-store"
    answer = client.get("/shared")
    assert answer["Cache-Control"] == "public, max-age=0, s-maxage=600, stale-while-revalidate=30"
    assert answer["Cache-Tag"] == "catalog,product:7"
    assert "Set-Cookie" not in answer
    assert "Vary" not in answer


def test_a_shared_page_is_the_same_for_whoever_has_a_session(client, django_user_model):
    plain = client.get("/shared")
    client.force_login(django_user_model.objects.create(email="mia@mail.example"))
    known = client.get("/shared")
    of_each_answer = {"X-Request-Id", "Server-Timing"}
    assert known.content == plain.content
    assert {k: v for k, v in known.headers.items() if k not in of_each_answer} == {
        k: v for k, v in plain.headers.items() if k not in of_each_answer
    }


@pytest.mark.parametrize("how", ["session", "token", "nonce", "cookie"])
def test_a_shared_page_that_looks_at_its_visitor_fails_its_test(how):
    with pytest.raises(PersonalPage):
        Client().get(f"/personal/{how}")


@pytest.mark.parametrize("how", ["session", "token", "nonce", "cookie"])
def test_in_production_it_is_merely_not_shared(client, settings, how):
    settings.STRICT_CACHING = False
    answer = client.get(f"/personal/{how}")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert "Cache-Tag" not in answer


def test_only_a_full_answer_is_shared(client):
    assert client.get("/missing")["Cache-Control"] == "private, no-store"
    assert client.post("/shared")["Cache-Control"] == "private, no-store"


def test_a_shared_answer_tells_nobody_what_another_has_left(client, settings):
    settings.RATE_LIMITS_ON = True
    assert "RateLimit-Remaining" in client.get("/echo")
    assert "RateLimit-Remaining" not in client.get("/shared")
