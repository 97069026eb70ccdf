"""What ninja cannot know about our API, added to its OpenAPI description."""

from __future__ import annotations

from typing import Any

from kidspetite.faces.api.repetition import HEADER, NEEDED_BY, NEVER_BY
from kidspetite.faces.edge.csrf import VITALS
from kidspetite.faces.edge.problem import CONTENT_TYPE

PROBLEM = {"$ref": "#/components/schemas/Problem"}
UNSAFE = ("post", "put", "patch", "delete")
WORDS = """\
All that a program can do here. Amounts are integer cents, moments ISO 8601 in UTC.

**Who you are.** `POST /api/cart` gives a token; send it as `Authorization: Bearer …`. Pages of the shop use their
session cookie instead, and then every unsafe call must come from the shop's own origin.

**Repetition.** Any unsafe call may carry an `Idempotency-Key`; `POST /api/checkout` must. The same key with the same
body gives the stored answer and `Idempotent-Replayed: true` for 24 hours; with another body 422; while the first call
is still at work 409 with `Retry-After: 1`. Answers of 2xx and 402 are stored, others are not: repeat those calls.

**Refusals** are problem+json (RFC 9457). `code` is stable; the handbook at `/api/docs` lists them all.

**Limits** are told by `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`; beyond them 429 with
`Retry-After`.
"""


def describe(schema: dict[str, Any]) -> None:
    """Add to a description: problems as problem+json, keys, and the way to say who one is."""
    schema["info"]["description"] = WORDS
    schema["components"]["securitySchemes"] = {
        "cartToken": {"type": "http", "scheme": "bearer", "description": "the token of a basket"},
        "cronSecret": {"type": "http", "scheme": "bearer", "description": "CRON_SECRET, of whoever calls by the clock"},
    }
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _as_problems(operation)
            if method in UNSAFE and path not in NEVER_BY:
                operation["parameters"].append(_key_parameter(is_needed=path in NEEDED_BY))
            if path.startswith(("/api/cart", "/api/checkout", "/api/shipping")):
                operation["security"] = [{"cartToken": []}, {}]
            if path.startswith("/api/cron"):
                operation["security"] = [{"cronSecret": []}]
    told = schema["paths"][VITALS]["post"]["requestBody"]["content"]
    told["text/plain"] = told["application/json"]  # what sendBeacon calls a string


def _as_problems(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            response["content"] = {CONTENT_TYPE: {"schema": PROBLEM}}


def _key_parameter(*, is_needed: bool) -> dict[str, Any]:
    return {
        "name": HEADER,
        "in": "header",
        "required": is_needed,
        "description": "makes repeating this call harmless; a UUID is a good one",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    }
