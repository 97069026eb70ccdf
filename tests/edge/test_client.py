"""A caller can write anything into X-Forwarded-For; only what our own proxies added counts."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from kidspetite.faces.edge.client import client_address, client_key

REAL, LIE = "203.0.113.7", "198.51.100.1"


def seen(forwarded: str | None, remote: str = REAL) -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


@pytest.mark.parametrize("forwarded", [None, "", LIE, f"{LIE}, {LIE}", "unknown", "<script>", ",,,"])
def test_without_proxies_the_header_counts_for_nothing(settings, forwarded):
    settings.TRUSTED_PROXY_COUNT = 0
    assert seen(forwarded) == REAL


@pytest.mark.parametrize(
    ("count", "forwarded", "expected"),
    [
        (1, REAL, REAL),
        (1, f"{LIE}, {REAL}", REAL),
        (1, f"{LIE}, {LIE}, {LIE},{REAL}", REAL),
        (2, f"{REAL}, 10.0.0.2", REAL),
        (2, f"{LIE}, {REAL}, 10.0.0.2", REAL),
        (2, f"{LIE},{LIE}, {REAL} ,10.0.0.2", REAL),
        (1, f"{LIE}, {REAL}:51234", REAL),
        (1, "[2001:db8::7]:443", "2001:db8::7"),
        (1, f"{LIE}, ::ffff:{REAL}", REAL),
    ],
)
def test_behind_proxies_the_entry_that_ours_wrote_counts(settings, count, forwarded, expected):
    settings.TRUSTED_PROXY_COUNT = count
    assert seen(forwarded, remote="10.0.0.1") == expected


@pytest.mark.parametrize(("count", "forwarded"), [(1, None), (1, ""), (2, LIE), (3, f"{LIE}, {LIE}"), (1, "rubbish")])
def test_a_call_that_did_not_pass_our_proxies_counts_as_its_connection(settings, count, forwarded):
    settings.TRUSTED_PROXY_COUNT = count
    assert seen(forwarded) == REAL


def key_of(address: str) -> str:
    return client_key(RequestFactory().get("/", REMOTE_ADDR=address))


def test_a_key_is_one_client_and_never_its_address():
    assert key_of(REAL) == key_of(REAL) != key_of(LIE)
    assert REAL not in key_of(REAL)


def test_the_addresses_of_one_ipv6_network_are_one_client():
    assert key_of("2001:db8:1:2::1") == key_of("2001:db8:1:2:ffff::9") != key_of("2001:db8:1:3::1")


def test_a_socket_without_an_address_still_has_a_key():
    assert len(key_of("")) == 24
