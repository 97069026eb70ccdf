"""Renews docs/mails/: every letter of the shop at {320, 600} × {light, dark}, as WebP.

Start a shop with the demo goods (`./shop up --port 8000`); then, with its KP_DATA_DIR:
.shop/venv/bin/python docs/letters.py
`docs/letters.py edge FOLDER` draws them about what breaks weak letters instead, elsewhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kidspetite.config.settings")

import django  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tests.browser import ARGUMENTS, see_that_there_is_one  # noqa: E402

FOLDER = Path(__file__).parent / "mails"


def all_letters(case: str) -> dict[str, str]:
    """The HTML of every letter by its kind, about the demo shop's own orders or about what breaks weak letters."""
    from kidspetite.foundation.notifications.queries import examples
    from kidspetite.foundation.notifications.types import Case

    return {kind: draw(Case(case)).html for kind, draw in examples().items()}


def take(browser: Browser, letters: dict[str, str], folder: Path, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 600}, color_scheme=scheme)
    page = context.new_page()
    for name, html in letters.items():
        page.set_content(html, wait_until="load")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            raise SystemExit(f"{name} is wider than {width} pixels")
        picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
        picture.save(folder / f"{name}-{width}-{scheme}.webp", quality=72, method=6)
    context.close()


def main(case: str = "real", folder: Path = FOLDER, tell: Callable[[str], None] = print) -> None:
    django.setup()
    folder.mkdir(exist_ok=True)
    letters = all_letters(case)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=see_that_there_is_one(), args=ARGUMENTS)
        for width in (320, 600):
            for scheme in ("light", "dark"):
                take(browser, letters, folder, width, scheme)
        browser.close()
    tell(f"{len(letters)} letters, four pictures each, in {folder}")


if __name__ == "__main__":
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    main(*sys.argv[1:2], *map(Path, sys.argv[2:3]))
