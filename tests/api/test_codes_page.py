"""docs/codes.md names every error code, with its status and what it means."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from kidspetite.faces.api.handbook import error_codes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "codes.md"


def test_the_page_is_as_the_command_writes_it():
    out = StringIO()
    call_command("list_codes", stdout=out)
    assert PAGE.read_text() == out.getvalue(), "run ./shop list_codes > docs/codes.md"


def test_every_code_has_a_meaning():
    assert all(len(row.meaning) > 10 and row.meaning.endswith(".") for row in error_codes())
