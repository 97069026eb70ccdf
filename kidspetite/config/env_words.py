"""The environment in words: `./shop env check | print | example`."""

import sys
from pathlib import Path
from textwrap import wrap
from typing import Any

from pydantic import SecretStr

from kidspetite.config.env import ROOT, Env, EnvFaults, read_env

EXAMPLE = ROOT / ".env.example"
USAGE = "usage: ./shop env check | print | example [--write]"
CHAPTERS = {  # the first name of each chapter opens it
    "kp_env": "The shop",
    "database_url": "Data",
    "s3_bucket": "Pictures in S3-compatible storage (else in MEDIA_ROOT)",
    "stripe_secret_key": "Stripe",
    "paypal_client_id": "PayPal",
    "sendgrid_api_key": "Mail (else the outbox)",
    "twilio_account_sid": "Text messages (else the outbox)",
    "google_maps_api_key": "Google: addresses and sign-in",
    "sanity_project_id": "Content from Sanity (else the shop's own editor)",
    "cloudflare_api_token": "Cloudflare",
    "usps_client_id": "Carriers (else the house carrier)",
    "openai_api_key": "Language model (else rules)",
    "sentry_dsn": "Errors",
    "reservation_ttl_seconds": "Times",
    "rate_limits": "Limits for one client",
}


def tell(arguments: list[str]) -> int:
    """Run `./shop env …`; gives the exit code: 0, 1 with faults, 2 when called wrongly."""
    match arguments or ["check"]:
        case ["example"]:
            print(example(), end="")
        case ["example", "--write"]:
            EXAMPLE.write_text(example())
        case ["check"] | ["print"] as chosen:
            return _check_or_print(chosen[0])
        case _:
            print(USAGE, file=sys.stderr)
            return 2
    return 0


def example() -> str:
    """The text of `.env.example`: every name with what it is for, what is expected and where to get it."""
    lines = ["# Settings of Kids Petite. Copy to .env, fill in what you use; ./shop env check tells what is missing.",
             "# Made by ./shop env example --write; change kidspetite/config/env.py instead of this file."]  # fmt: skip
    for name, field in Env.model_fields.items():
        extra: Any = field.json_schema_extra
        if name in CHAPTERS:
            lines += ["", f"# ---- {CHAPTERS[name]}"]
        told = f"{field.description} Expected: {extra['expected']}. From: {extra['where']}."
        lines += ["", *(f"# {line}" for line in wrap(told, 110))]
        if extra["note"]:
            lines.append(f"# {extra['note']}")
        lines.append(f"{name.upper()}={plain(field.default)}")
    return "\n".join(lines) + "\n"


def plain(value: object) -> str:
    """A value as it would be written in the environment; a secret is only said to be set."""
    match value:
        case None:
            return ""
        case SecretStr():
            return "(set)"
        case bool():
            return str(int(value))
        case tuple():
            return ",".join(map(str, value))
        case float():
            return f"{value:g}"
        case Path() | _:
            return str(value)


def _check_or_print(which: str) -> int:
    try:
        env, notes = read_env()
    except EnvFaults as faults:
        print(faults, file=sys.stderr)
        return 1
    for note in notes:
        print(f"Warning: {note}", file=sys.stderr)
    if which == "check":
        print(f"The settings are in order ({env.kp_env}).")
        return 0
    for name in Env.model_fields:
        print(f"{name.upper()}={plain(getattr(env, name))}")
    return 0
