"""The content security policy allows no inline style and no inline script, and a page stays light."""

import gzip
import re
from pathlib import Path

import pytest

import kidspetite
from kidspetite.foundation.ui.stylesheet import joined, parts

ROOT = Path(kidspetite.__file__).parent
TEMPLATES = sorted(path for path in ROOT.glob("**/jinja2/**/*.html") if "mails" not in path.parts)
JS = ROOT / "foundation/ui/static/ui/js"
FONTS = ROOT / "foundation/ui/static/ui/fonts"
OURS = sorted(path for path in JS.rglob("*.js") if "vendor" not in path.parts)
DATA = ("application/json", "application/ld+json", "importmap")


def _weight(*texts: bytes) -> int:
    return sum(len(gzip.compress(text, 6)) for text in texts)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_has_nothing_inline(path: Path) -> None:
    html = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"<style\b", html)
    assert not re.search(r"\sstyle\s*=", html)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=\s*[\"']", html)
    assert "javascript:" not in html
    for attributes, body in re.findall(r"<script\b([^>]*)>(.*?)</script>", html, flags=re.S):
        is_data = any(kind in attributes for kind in DATA)
        assert is_data or ("src=" in attributes and not body.strip())


def test_there_are_templates_to_look_at() -> None:
    assert len(TEMPLATES) > 40


def test_css_stays_within_its_budget() -> None:
    assert _weight(joined().encode()) <= 30_000


def test_scripts_stay_within_their_budget() -> None:
    assert _weight(*[path.read_bytes() for path in JS.rglob("*.js")]) <= 40_000


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_script_is_short_and_needs_no_eval(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 100
    assert not re.search(r"\beval\(|new Function|\.style\b|setAttribute\(\"style", text)


def test_fonts_stay_within_their_budget() -> None:
    assert sum(path.stat().st_size for path in FONTS.glob("*.woff2")) <= 33_000
    assert all((FONTS / f"LICENSE-{path.stem}.txt").exists() for path in FONTS.glob("*.woff2"))


@pytest.mark.parametrize("path", [path for _, path in parts()], ids=lambda path: path.name)
def test_stylesheet_part_uses_tokens(path: Path) -> None:
    css = path.read_text(encoding="utf-8")
    assert css.count("{") == css.count("}")
    assert "!important" not in css
    if path.parent.name == "pages":
        assert not re.search(r":[^;{}]*#[0-9a-f]{3,8}\b", css), "use a token"
