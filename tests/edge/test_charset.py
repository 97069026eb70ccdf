"""What a request claims about its charset breaks nothing, and a poisoned cookie is a clear 400."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory

from kidspetite.faces.edge.charset import in_utf8

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (f"{FORM}; charset=rot13", FORM),
        (f"{FORM}; Charset = utf-7", FORM),
        (f"{FORM}; charset*=utf-8''rot13", FORM),
        ("multipart/form-data; charset=idna; boundary=x", "multipart/form-data; boundary=x"),
        (f'{FORM}; charset="UTF-8"', f'{FORM}; charset="UTF-8"'),
        ("application/json; charset=utf8", "application/json; charset=utf8"),
    ],
)
def test_every_request_is_read_as_utf_8(sent: str, read: str):
    seen: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ["CONTENT_TYPE"])
        WSGIRequest(environ)
        return []

    environ = RequestFactory()._base_environ(CONTENT_TYPE=sent, QUERY_STRING="q=a")
    in_utf8(app)(environ, lambda *_: None)
    assert seen == [read]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/cart", "/api/cart"])
def test_a_cookie_that_spells_a_nul_is_refused(path: str):
    client = Client(raise_request_exception=False)
    answer = client.get(path, headers={"cookie": 'session="aaaaaaaaaaaa\\000bbbb"'})
    assert answer.status_code == 400
