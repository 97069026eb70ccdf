"""What a phone puts on its first page: our name, our colours, and a mark that no phone's own shape cuts into."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import pyvips
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from docs import icons
from kidspetite.faces.edge.pagecache.addresses import key_of
from kidspetite.foundation.content.models import ShopSettings
from kidspetite.foundation.ui.tokens import hex_of

pytestmark = pytest.mark.django_db


def manifest() -> dict:
    return json.loads(Client().get("/site.webmanifest").content)


def test_it_is_the_shops_own_and_shared_by_everybody():
    ShopSettings.objects.create(name="Fern & Daughters", valid_from=timezone.now())
    answer = Client().get("/site.webmanifest")
    facts = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert "s-maxage" in answer["Cache-Control"]
    assert "settings" in answer["Cache-Tag"]
    assert key_of("/site.webmanifest", "") == "/site.webmanifest"
    assert facts["name"] == "Fern & Daughters"
    assert (facts["start_url"], facts["scope"]) == ("/", "/")
    assert facts["theme_color"] == facts["background_color"] == hex_of("paper")


def test_every_icon_is_there_in_the_size_it_claims():
    icons_told = manifest()["icons"]
    for each in icons_told:
        path = finders.find(each["src"].removeprefix("/static/"))
        assert path, each["src"]
        if each["type"] == "image/png":
            picture = pyvips.Image.new_from_file(str(path))
            assert f"{picture.width}x{picture.height}" == each["sizes"]
            assert not picture.hasalpha(), "a phone would put black behind it"
    purposes = {(each["purpose"], each["sizes"]) for each in icons_told}
    assert purposes == {
        ("any", "any"),
        *((purpose, f"{side}x{side}") for purpose in ("any", "maskable") for side in (192, 512)),
    }


def test_the_icons_are_those_that_our_drawing_makes():
    for name in icons.PNGS:
        kept = pyvips.Image.new_from_file(str(icons.ICONS / f"{name}.png"))
        assert (kept - icons.drawn(name)).abs().max() < 24, f"{name}: run docs/icons.py"
    assert (icons.ICONS / "mark.svg").read_text(encoding="utf-8") == icons.drawings()["mark"]


def test_a_phone_may_cut_a_circle_out_of_the_maskable_icon():
    """Outside the middle circle of 80 % there is nothing but the tape and its ticks."""
    picture = icons.drawn("maskable-512")
    side = picture.width
    x_y = pyvips.Image.xyz(side, side) - [side / 2, side / 2]
    is_outside = (x_y[0] ** 2 + x_y[1] ** 2) > (0.4 * side) ** 2
    is_letter = (picture[0] > 150) & (picture[1] < 100)
    is_cloth = picture[2] > 180
    assert (is_letter | is_cloth).max() == 255, "there is a letter to be kept"
    assert ((is_letter | is_cloth) & is_outside).max() == 0


@pytest.mark.parametrize("path", ["/", "/products", "/cart", "/sign-in", "/checkout/shipping", "/coats", "/offline"])
def test_every_page_names_it_and_tells_its_colours_by_day_and_night(path):
    page = Client().get(path, follow=True).content.decode()
    assert '<link rel="manifest" href="/site.webmanifest">' in page
    assert '<link rel="apple-touch-icon" href="/static/ui/icons/touch-180' in page
    assert page.count('rel="icon"') == 1
    for scheme, is_dark in (("light", False), ("dark", True)):
        paper = hex_of("paper", dark=is_dark)
        assert f'<meta name="theme-color" content="{paper}" media="(prefers-color-scheme: {scheme})">' in page


def test_a_colour_that_no_sheet_names_is_refused():
    assert hex_of("paper") != hex_of("paper", dark=True)
    assert Path(icons.ICONS).is_dir()
    with pytest.raises(KeyError):
        hex_of("mauve")
