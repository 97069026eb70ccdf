"""What docs/security.md says is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kidspetite.config.env import Env
from kidspetite.faces.edge import csrf
from kidspetite.faces.edge.limits import CLASSES

WORDS = (Path(__file__).resolve().parents[2] / "docs" / "security.md").read_text()


def test_every_class_is_listed_with_its_default():
    listed = dict(re.findall(r"^\| \w+ \| `(RATE_\w+)` \| ([\w/]+) \|", WORDS, re.MULTILINE))
    names = {name for name, _, _ in CLASSES if name}
    assert listed == {f"RATE_{name.upper()}": str(Env.model_fields[f"rate_{name}"].default) for name in names}


@pytest.mark.parametrize("path", [csrf.WEBHOOKS, csrf.VITALS])
def test_every_exemption_is_listed(path):
    assert path in WORDS


def test_the_schemes_that_exempt_nothing_are_listed():
    assert all(scheme in WORDS.lower() for scheme in csrf.SENT_BY_BROWSERS)


def test_the_limits_of_bodies_are_listed(settings):
    assert f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000} MB or more" in WORDS
    assert f"staff uploads {4 * settings.MAX_PICTURE_BYTES // 1_000_000} MB" in WORDS
    assert f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields" in WORDS
