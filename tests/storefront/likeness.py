"""Is a page still what was approved? Compared small, so that neither anti-aliasing nor a hinted letter matters."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Page

from tests.harness.pages import settle

APPROVED = Path(__file__).parent / "approved"
SCALE = 4
TALLEST = 1600
TOLERATED = 26  # of 255, a channel: a letter's edge after blurring; a colour of the tape against paper is 150
SHARE = 0.015  # of all points may be further off: a line of text that breaks elsewhere


def compare(page: Page, name: str) -> None:
    """Fails when the page differs from `approved/NAME.png`; KP_APPROVE=1 takes the present look instead."""
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.set_viewport_size({"width": width, "height": height})
    settle(page)
    seen = _small(Image.open(BytesIO(page.screenshot(animations="disabled"))))
    path = APPROVED / f"{name}.png"
    if os.environ.get("KP_APPROVE") == "1":
        APPROVED.mkdir(exist_ok=True)
        seen.quantize(128).save(path, optimize=True)
        return
    if not path.exists():
        pytest.fail(f"There is no approved picture {path.name}; look at the page, then run with KP_APPROVE=1.")
    approved = Image.open(path).convert("RGB")
    assert abs(approved.height - seen.height) <= 24, f"{name}: the page is now {seen.height * SCALE} px high"
    box = (0, 0, approved.width, min(approved.height, seen.height))
    share = _share_off(approved.crop(box), seen.crop(box))
    if share > SHARE:
        shown = Path(os.environ.get("TMPDIR", "/tmp")) / f"seen-{name}.png"
        seen.save(shown)
        pytest.fail(f"{name}: {share:.1%} of it looks different. Compare {shown} with {path}.")


def _small(picture: Image.Image) -> Image.Image:
    return picture.convert("RGB").resize((picture.width // SCALE, picture.height // SCALE), Image.Resampling.BOX)


def _share_off(one: Image.Image, other: Image.Image) -> float:
    blur = ImageFilter.BoxBlur(2)
    red, green, blue = ImageChops.difference(one.filter(blur), other.filter(blur)).split()
    counts = ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()
    return sum(counts[TOLERATED + 1 :]) / sum(counts)
