"""The demo logins are told once in a start: by `up` at its end, or by `seed` where it is asked for itself."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from kidspetite.faces.console import preparing
from kidspetite.faces.console.logins import DEMO_LOGINS
from kidspetite.faces.console.management.commands import seed
from kidspetite.faces.console.surroundings import Surroundings


@pytest.fixture
def empty_handed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeding that makes nothing."""
    for name in [name for name in vars(seed) if name.startswith("make_")]:
        monkeypatch.setattr(seed, name, lambda *_, **__: 0)


def said(*words: str) -> str:
    out = StringIO()
    call_command("seed", *words, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("empty_handed")
def test_seed_tells_them_unless_it_was_asked_not_to():
    assert all(said().count(login.email) == 1 for login in DEMO_LOGINS)
    assert not any(login.email in said("--no-logins") for login in DEMO_LOGINS)


def test_a_start_asks_it_not_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    asked: list[list[str]] = []
    monkeypatch.setattr(preparing.subprocess, "call", lambda command, **_: asked.append(command))
    here = Surroundings(tmp_path, tmp_path, "", 8000, base_url=None, hosts=(), is_production=False)
    preparing.seed(here)
    assert asked[0][-2:] == ["seed", "--no-logins"]
