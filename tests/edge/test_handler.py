"""Addresses are looked up once, and the line of a request is one of the log's."""

from __future__ import annotations

import io
import json
import logging

import pytest
from django.test import RequestFactory
from django.urls import Resolver404

from kidspetite.config.logs import Lines
from kidspetite.faces.edge import access, handler

REQUEST = "01M8PA8X3EASG7E8GM3TS361GS"


def test_an_address_is_looked_up_once_and_what_leads_nowhere_each_time(monkeypatch) -> None:
    shop = handler.shop_application()
    handler._found.cache_clear()
    for path in ("/products/a", "/products/a", "/products/b"):
        match = shop.resolve_request(request := RequestFactory().get(path))
        assert match is request.resolver_match
        assert (match.url_name, match.kwargs) == ("product", {"slug": path[-1]})
    assert handler._found.cache_info()[:2] == (1, 2)
    for path in ("/nowhere", "/products/" + "a" * 300 + "/b"):
        with pytest.raises(Resolver404):
            shop.resolve_request(RequestFactory().get(path))
    shop.resolve_request(RequestFactory().get("/products/" + "a" * 300))
    assert handler._found.cache_info().currsize == 2


def test_the_line_of_a_request_is_one_of_the_log() -> None:
    stream = logging.StreamHandler(written := io.StringIO())
    stream.setFormatter(Lines(processor=lambda *_: "not asked"))
    access.LOG.addHandler(stream)
    try:
        access.note(method="GET", route='/a/<str:"b">', status=200, ms=1.5, request_id=REQUEST)
        access.note(method="4242424242424242", route="/", status=405, ms=0.1, request_id=REQUEST)
    finally:
        access.LOG.removeHandler(stream)
    first, second = (json.loads(line) for line in written.getvalue().splitlines())
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "method": "GET", "route": '/a/<str:"b">', "status": 200, "ms": 1.5, "event": "request", "request_id": REQUEST,
        "level": "info", "logger": "kidspetite.access",
    }  # fmt: skip
    assert second["method"] == "…"
