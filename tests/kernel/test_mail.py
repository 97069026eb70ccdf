"""One rule for mail addresses, wherever one is typed."""

from __future__ import annotations

import pytest

from kidspetite.foundation.kernel.mail import mail_address

LABEL = "x" * 61


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("maya@home.example", "maya@home.example"),
        ("M.Aya+Shop@HOME.Example", "M.Aya+Shop@home.example"),
        ("o'neil@home.example", "o'neil@home.example"),
        ("maya@bücher.example", "maya@xn--bcher-kva.example"),
        ("maya@xn--bcher-kva.example", "maya@xn--bcher-kva.example"),
        ("a@b.co", "a@b.co"),
        ("x" * 64 + "@home.example", "x" * 64 + "@home.example"),
        (f"maya@{LABEL}.{LABEL}.{LABEL}.{'x' * 55}.example", f"maya@{LABEL}.{LABEL}.{LABEL}.{'x' * 55}.example"),
    ],
)
def test_addresses_letters_reach(typed: str, kept: str):
    assert mail_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "maya", "maya@", "@home.example", "a b@home.example", "maya@home", "maya@home.1", "a@1.2.3.4",
        '"maya"@home.example', '"a@b"@home.example', "maya(work)@home.example", "Maya <maya@home.example>",
        "maya@[192.0.2.1]", "a..b@home.example", ".a@home.example", "a.@home.example", "a@b@home.example",
        "a@-home.example", "a@home-.example", "a@home..example", "a@.home.example", "a@home.example.",
        "maya@home.example,leo@home.example", "maya@home.example\r\nBcc: all@x.example", "maya@home.example\n",
        "maya\r\n@home.example", "maya\0@home.example", " maya@home.example", "mäya@home.example",
        "x" * 65 + "@home.example", f"maya@{'x' * 64}.example", f"maya@{LABEL}.{LABEL}.{LABEL}.{LABEL}.example",
        "maya@\ud800.example", "maya@bü cher.example", "maya@" + "ü" * 60 + ".example",
    ],
)  # fmt: skip
def test_addresses_no_letter_reaches(typed: str):
    assert mail_address(typed) is None
