"""Encodings by RFC 9110: the highest q wins, identity is refused only by name or by a star."""

from __future__ import annotations

import pytest

from kidspetite.faces.edge.pagecache.page import is_known, preferred


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP, Zstd", "zstd"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000, zstd;q=0, gzip;q=0.1", "gzip"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0.1, gzip;q=0.5", "gzip"),
        ("br;q=0, *", "zstd"),
        ("deflate, compress", "identity"),
        ("gzip ; q=0.3 , br ; q = 0.2", "gzip"),
        ("identity;q=0, gzip", "gzip"),
        ("*;q=0, gzip", "gzip"),
        ("gzip;q=0", "identity"),
        (",,;q=1,", "identity"),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("deflate, identity;q=0", None),
        ("br;q=0, zstd;q=0, gzip;q=0, identity;q=0", None),
    ],
)
def test_the_encoding_that_is_chosen(accepted: str, encoding: str | None):
    assert preferred(accepted) == encoding


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ('"a-br"', True), ('W/"a-br"', True), ('"x", "a-br"', True), ('"x",W/"a-br"', True), ("*", True),
        ('"a"', False), ('"a-gzip"', False), ("a-br", False), ('"x"', False),
    ],
)  # fmt: skip
def test_an_etag_is_one_of_those_asked_for(asked: str, known: bool):
    assert is_known('"a-br"', asked) is known
