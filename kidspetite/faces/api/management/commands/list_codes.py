from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kidspetite.faces.api.handbook import error_codes

HEAD = """\
# Error codes

Every code that a problem+json answer may carry, and the error a page explains. Codes are stable; sentences may change.
Written by `./shop list_codes > docs/codes.md`, from the errors of every room; a test holds the two together.

| code | status | meaning |
|---|---|---|
"""


class Command(BaseCommand):
    help = "Print every error code with its status and meaning, as the page docs/codes.md."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = (f"| `{row.code}` | {row.status} | {row.meaning.replace('|', '/')} |\n" for row in error_codes())
        self.stdout.write(HEAD + "".join(rows), ending="")
