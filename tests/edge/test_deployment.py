"""In production's settings Django finds nothing to warn of, and cookies cannot be planted by a neighbour."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "KP_ENV": "production",
    "KP_TEST_DATABASE": "0",
    "SECRET_KEY": "a-key-of-its-own-" + "0123456789abcdefghijklmnop" * 2,
    "BASE_URL": "https://shop.example.com",
    "ALLOWED_HOSTS": "shop.example.com",
    "CRON_SECRET": "a-cron-secret-of-its-own",
    "RATE_LIMITS": "on",
    "KP_ALLOW_SANDBOX": "1",
    "SMTP_URL": "smtps://user:password@mail.example.com:465",
    "MAIL_FROM": "Kids Petite <hello@shop.example.com>",
    "TRUSTED_PROXY_COUNT": "1",
}
ASK = """
import django, json
django.setup()
from django.conf import settings as s
from django.test import Client
names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "DEBUG",
         "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_DOMAIN",
         "SESSION_COOKIE_PATH", "STRICT_CACHING", "RATE_LIMITS_ON", "ALLAUTH_TRUSTED_PROXY_COUNT")
plain = Client().get("/version", HTTP_HOST="shop.example.com")
over_tls = Client().get("/version", HTTP_HOST="shop.example.com", HTTP_X_FORWARDED_PROTO="https",
                        HTTP_X_FORWARDED_FOR="203.0.113.7")
print(json.dumps({name: getattr(s, name) for name in names} | {
    "plain": [plain.status_code, plain.get("Location")],
    "hsts": over_tls.get("Strict-Transport-Security"),
}))
"""


@pytest.fixture
def production() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return {**inherited, **PRODUCTION, "KP_QUIET": "1"}


def test_check_deploy_has_nothing_to_say(production):
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=production, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues (1 silenced)" in done.stdout + done.stderr


def test_cookies_transport_and_switches_are_those_of_production(production):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        cwd=ROOT, env=production, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["CSRF_COOKIE_HTTPONLY"]
    assert (found["SESSION_COOKIE_SAMESITE"], found["SESSION_COOKIE_DOMAIN"], found["SESSION_COOKIE_PATH"]) == (
        "Lax",
        None,
        "/",
    )
    assert (found["DEBUG"], found["STRICT_CACHING"], found["RATE_LIMITS_ON"]) == (False, False, True)
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    assert found["plain"] == [301, "https://shop.example.com/version"]
    assert found["hsts"] == "max-age=63072000; includeSubDomains; preload"
