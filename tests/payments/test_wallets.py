"""Wallets need a domain that Stripe knows, and a file that Apple can fetch."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.fakes.stripe_server import FakeStripe

FILE = "/.well-known/apple-developer-merchantid-domain-association"


def test_a_domain_is_registered_once_and_again(stripe: FakeStripe):
    for _ in range(2):
        out = StringIO()
        call_command("wallet_domain", "shop.example", "--json", stdout=out)
        told = json.loads(out.getvalue())
        assert told == {"domain": "shop.example", "apple_pay": "active", "google_pay": "active", "link": "active"}


def test_without_stripe_there_is_nothing_to_register(db: None):
    with pytest.raises(CommandError, match="unknown_method"):
        call_command("wallet_domain", "shop.example")


def test_apples_file_is_served_as_it_is_and_absent_until_it_is_set(
    client: Client, settings: Any, tmp_path: Path, db: None
):
    assert client.get(FILE).status_code == 404
    settings.APPLE_PAY_DOMAIN_FILE = tmp_path / "apple"
    assert client.get(FILE).status_code == 404
    (tmp_path / "apple").write_bytes(b"7B2274\n")
    answer = client.get(FILE)
    assert (answer.content, answer["Content-Type"]) == (b"7B2274\n", "text/plain; charset=utf-8")
