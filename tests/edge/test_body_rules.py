"""Broken, poisoned and oversized requests get a clear 4xx before any view sees them."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = [pytest.mark.urls("tests.edge.doors"), pytest.mark.django_db]

FORM = "application/x-www-form-urlencoded"
MEGABYTE = 1_000_000


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", ["/echo", "/api/echo"])
@pytest.mark.parametrize("size", [MEGABYTE, 5 * MEGABYTE])
@pytest.mark.parametrize("kind", [FORM, "application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_a_body_of_a_megabyte_is_too_much(client, path, size, kind):
    answer = client.generic("POST", path, b"x" * size, content_type=kind)
    assert answer.status_code == 413
    assert b"1 MB" in answer.content


def test_just_below_a_megabyte_goes(client):
    assert client.generic("POST", "/echo", b"x" * (MEGABYTE - 1), content_type="text/plain").status_code == 200


def test_staff_may_upload_pictures_but_not_at_the_login(client):
    body = b"x" * (5 * MEGABYTE)
    assert client.generic("POST", "/admin/catalog/", body, content_type="text/plain").status_code == 200
    assert client.generic("POST", "/admin/login/", body, content_type="text/plain").status_code == 413


def test_each_door_names_its_own_bound(client):
    answer = client.generic("POST", "/admin/catalog/", b"x", content_type="text/plain", CONTENT_LENGTH="200000000")
    assert answer.status_code == 413
    assert b"less than 120 MB" in answer.content


@pytest.mark.parametrize("length", ["-1", "abc", "99999999999999999999", "1_0"])
def test_a_length_that_is_no_length_is_refused(client, length):
    assert client.generic("POST", "/echo", b"a=1", content_type=FORM, CONTENT_LENGTH=length).status_code == 413


def test_a_body_without_its_length_is_refused(client):
    answer = client.generic("POST", "/api/echo", b"", headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411
    assert answer.json()["code"] == "edge.length_missing"


@pytest.mark.parametrize("path", ["/orders/a%00b", "/orders/%ff", "/orders/%ed%a0%80", "/api/orders/%c3%28"])
def test_a_path_that_is_no_text_is_refused(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("query", ["q=a%00b", "q=%ff", "%ff=1", "q=%ed%a0%80", "q=ok&page=%c3%28"])
@pytest.mark.parametrize("path", ["/search", "/api/search"])
def test_a_query_that_is_no_text_is_refused(client, path, query):
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert b"cannot read" in answer.content


def test_words_of_all_languages_are_text(client):
    assert client.get("/search?q=%C3%A9toile+%E6%98%9F+%F0%9F%A7%A6").status_code == 200


def test_a_nul_in_a_form_names_its_field(client):
    answer = client.generic("POST", "/api/echo", b"name=Mia&note=a%00b", content_type=FORM)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["note"]


def test_a_nul_in_a_multipart_names_its_field(client):
    answer = client.post("/api/echo", {"name": "Mia", "note": "a\0b"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["note"]


@pytest.mark.parametrize("body", [b"name=%ff", b"name=\xff\xfe", b"%ff=1", b"name=%ed%a0%80"])
def test_a_form_that_is_no_text_is_refused(client, body):
    assert client.generic("POST", "/echo", body, content_type=FORM).status_code == 400


def test_a_multipart_that_is_no_text_is_refused(client):
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n'
    assert client.generic("POST", "/echo", body, content_type="multipart/form-data; boundary=x").status_code == 400


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", f"{FORM}; charset=utf-16"])
def test_a_form_that_cannot_be_taken_apart_is_refused(client, kind):
    assert client.generic("POST", "/echo", b"a=1", content_type=kind).status_code == 400


def test_too_many_fields_are_refused(client):
    body = "&".join(f"f{n}=1" for n in range(3_000)).encode()
    assert client.generic("POST", "/echo", body, content_type=FORM).status_code == 400


@pytest.mark.parametrize("body", [b'{"a": "\xff"}', b"\x00{}"])
def test_json_that_is_no_text_is_refused(client, body):
    assert client.generic("POST", "/api/echo", body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("path", ["/echo", "/nowhere", "/api/echo"])
def test_a_host_that_is_not_ours_is_refused(client, path):
    answer = client.get(path, HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content
