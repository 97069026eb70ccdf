"""Every error is calm for people and exact for machines, and none tells what it should not."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

pytestmark = [pytest.mark.urls("tests.edge.doors"), pytest.mark.django_db]

REQUEST_ID = re.compile(r"^[0-9A-HJKMNP-TV-Z]{26}$")
MEMBERS = {"type", "title", "status", "code", "detail", "facts", "errors", "request_id"}
KINDS = [
    ("invalid", 422, "kernel.invalid"),
    ("forbidden", 403, "kernel.forbidden"),
    ("not-found", 404, "kernel.not_found"),
    ("conflict", 409, "kernel.conflict"),
    ("unavailable", 503, "kernel.unavailable"),
    ("http404", 404, "edge.not_found"),
    ("denied", 403, "edge.forbidden"),
    ("locked", 503, "kernel.busy"),
    ("gone", 503, "kernel.unavailable"),
]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("kind", "status", "code"), KINDS)
def test_the_api_answers_a_problem(client, kind, status, code):
    answer = client.get(f"/api/refuse/{kind}")
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert set(problem) == MEMBERS
    assert problem["request_id"] == answer["X-Request-Id"]
    assert problem["type"].endswith(f"/api/docs#{code}")
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize(("kind", "status", "code"), KINDS)
def test_a_page_is_calm_and_keeps_search_and_contact(client, kind, status, code):
    answer = client.get(f"/refuse/{kind}")
    page = answer.content.decode()
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert 'action="/search"' in page
    assert 'href="/contact"' in page
    assert code not in page
    assert (answer["X-Request-Id"] in page) == (status >= 500)


def test_a_problem_names_facts_and_fields(client):
    problem = client.get("/api/refuse/invalid").json()
    assert problem["facts"] == {"sku": "A-1"}
    assert problem["errors"] == [{"field": "quantity", "message": "Send a whole number."}]
    assert client.get("/api/refuse/conflict").json()["facts"] == {"left": 2}


@pytest.mark.parametrize("path", ["/boom", "/api/boom"])
def test_a_mistake_of_ours_is_a_500_with_an_id_and_no_inside(client, path, caplog):
    answer = client.get(path)
    assert answer.status_code == 500
    assert answer["X-Request-Id"] in answer.content.decode()
    for inside in (b"ZeroDivisionError", b"Traceback", b"doors.py", b"secret@"):
        assert inside not in answer.content
    logged = [record for record in caplog.records if "request_failed" in record.getMessage()]
    assert len(logged) == 1
    assert answer["X-Request-Id"] in logged[0].getMessage()
    assert "secret@" not in caplog.text


@pytest.mark.parametrize("path", ["/boom", "/refuse/gone", "/refuse/not-found", "/nowhere"])
def test_a_broken_template_still_gives_a_page(client, path, settings):
    settings.TEMPLATES = [part | {"DIRS": []} if part["NAME"] == "jinja2" else part for part in settings.TEMPLATES]
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code in {404, 500, 503}
    assert 'action="/search"' in page
    assert "<style" not in page


@pytest.mark.parametrize(("path", "allowed"), [("/only-post", "POST"), ("/api/only-post", "POST")])
def test_the_wrong_method_is_told_what_goes(client, path, allowed):
    answer = client.get(path)
    assert answer.status_code == 405
    assert answer["Allow"] == allowed
    assert len(answer.content) > 100


def test_what_comes_and_goes_says_when_to_ask_again(client):
    assert client.get("/refuse/locked")["Retry-After"] == "2"
    assert client.get("/api/refuse/unavailable")["Retry-After"] == "30"
    assert "Retry-After" not in client.get("/refuse/conflict")


def test_no_error_is_kept_by_a_cache(client):
    for path in ("/nowhere", "/boom", "/api/refuse/conflict"):
        assert client.get(path)["Cache-Control"] == "private, no-store"


def test_every_answer_has_an_id_of_ours_that_sorts_by_time(client):
    ids = [client.get("/echo", headers={"X-Request-Id": "theirs\nInjected: 1"})["X-Request-Id"] for _ in range(3)]
    assert all(REQUEST_ID.match(found) for found in ids)
    assert len(set(ids)) == 3
    assert [found[:9] for found in ids] == sorted(found[:9] for found in ids)


def test_one_line_in_the_log_names_the_route_and_nobody(client, caplog):
    caplog.set_level("INFO")
    client.get("/orders/s3cret-token?email=mia@mail.example", REMOTE_ADDR="203.0.113.7")
    lines = [record for record in caplog.records if record.name == "kidspetite.access"]
    assert len(lines) == 1
    facts = lines[0].msg if isinstance(lines[0].msg, dict) else json.loads(lines[0].getMessage())
    assert facts["route"] == "/orders/<str:token>"
    assert (facts["method"], facts["status"]) == ("GET", 200)
    assert facts["ms"] >= 0
    for secret in ("s3cret", "mia@", "203.0.113.7"):
        assert secret not in caplog.text
