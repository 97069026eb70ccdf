"""Rasters: made from the original, cut around what matters, swapped in when they are there."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from kidspetite.foundation.media import files, operations, queries
from kidspetite.foundation.media.errors import NotAPicture
from kidspetite.foundation.media.models import Picture
from kidspetite.foundation.media.rasters import cut
from kidspetite.foundation.media.types import WIDTHS, raster_name

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 1200" width="960" height="1200">'
    '<circle cx="480" cy="600" r="300" fill="#317a4a"/></svg>'
)


@pytest.fixture(autouse=True)
def media_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def raster(picture: Picture, width: int, suffix: str) -> Image.Image:
    name = raster_name(picture.digest, picture.focal_x, picture.focal_y, width, suffix)
    return Image.open(io.BytesIO(files.read(name)))


def test_a_drawing_is_shown_at_once_and_lighter_later():
    picture = operations.store_drawing(SVG, "A green ball", "mint")
    shown = queries.sources_of(picture)
    assert shown.src.endswith(".svg")
    assert (shown.width, shown.height, shown.wash, shown.sources) == (960, 1200, "mint", ())

    operations.make_widths([picture.pk])

    picture.refresh_from_db()
    assert picture.widths == list(WIDTHS)
    shown = queries.sources_of(picture)
    assert [source.type for source in shown.sources] == ["image/avif", "image/webp"]
    assert shown.sources[0].srcset.count("w,") == len(WIDTHS) - 1
    assert shown.src.endswith(".svg")
    for suffix in ("avif", "webp"):
        image = raster(picture, 240, suffix)
        assert image.size == (240, 300)
        assert image.convert("RGBA").getpixel((2, 2))[3] == 0
        red, green, _, alpha = image.convert("RGBA").getpixel((120, 150))
        assert alpha == 255
        assert green > red


def test_lines_of_a_drawing_are_as_sharp_as_the_width_allows():
    """Every second dot of the largest width is black: of a drawing that was made smaller and enlarged, grey is left."""
    lines = "".join(f'<path d="M{x} 0h1v1200h-1z"/>' for x in range(400, 560, 2))
    picture = operations.store_drawing(SVG.replace("</svg>", f"{lines}</svg>"), "Fine lines", "")
    operations.make_widths([picture.pk])
    row = raster(picture, 960, "webp").convert("RGBA").getchannel("A").crop((410, 60, 550, 61)).tobytes()
    assert min(row) < 60
    assert max(row) > 195


def test_making_widths_again_changes_nothing():
    picture = operations.store_drawing(SVG, "", "")
    operations.make_widths([picture.pk])
    stamps = {file: file.stat().st_mtime_ns for file in files.place("pictures").rglob("*.*")}
    assert len(stamps) == 1 + 2 * len(WIDTHS)
    operations.make_widths([picture.pk, picture.pk + 1])
    assert {file: file.stat().st_mtime_ns for file in files.place("pictures").rglob("*.*")} == stamps


def test_a_photo_is_cut_around_its_focal_point():
    image = Image.new("RGB", (1600, 500), "blue")
    image.paste("red", (0, 0, 500, 500))
    out = io.BytesIO()
    image.save(out, "PNG")
    picture = operations.store_photo(out, "A red thing at the left", focal_x=10, focal_y=50)
    operations.make_widths([picture.pk])
    picture.refresh_from_db()
    assert picture.widths == [240, 360]
    red, _, blue = raster(picture, 360, "webp").convert("RGB").getpixel((180, 220))
    assert red > 200 > blue

    moved = operations.describe_picture(picture.pk, alt="Now the blue", focal_x=90, focal_y=50)
    assert moved.widths == []
    operations.make_widths([picture.pk])
    picture.refresh_from_db()
    red, _, blue = raster(picture, 360, "webp").convert("RGB").getpixel((180, 220))
    assert blue > 200 > red
    shown = queries.sources_of(picture)
    assert "-90x50-360.webp" in shown.src
    assert shown.width * 5 == shown.height * 4


def test_a_tiny_photo_is_never_enlarged():
    out = io.BytesIO()
    Image.new("RGB", (100, 80), "red").save(out, "PNG")
    picture = operations.store_photo(out, "")
    operations.make_widths([picture.pk])
    picture.refresh_from_db()
    assert picture.widths == [64]


@pytest.mark.parametrize(
    ("extent", "focus", "expected"),
    [
        ((800, 1000), (50, 50), (0, 0, 800, 1000)),
        ((1000, 1000), (50, 50), (100, 0, 800, 1000)),
        ((1000, 1000), (0, 0), (0, 0, 800, 1000)),
        ((1000, 1000), (100, 0), (200, 0, 800, 1000)),
        ((800, 2000), (50, 100), (0, 1000, 800, 1000)),
        ((1, 1), (50, 50), (0, 0, 1, 1)),
    ],
)
def test_the_cut_keeps_the_ratio_and_stays_inside(extent: Any, focus: Any, expected: Any):
    assert cut(*extent, *focus) == expected


@pytest.mark.parametrize("svg", ["", "<svg>", '<svg viewBox="0 0 9 9"><script>1</script></svg>'])
def test_a_drawing_without_extent_or_with_a_script_is_refused(svg: str):
    with pytest.raises(NotAPicture):
        operations.store_drawing(svg, "", "")


def test_the_same_drawing_is_kept_once():
    both = operations.store_drawings([operations.NewDrawing(SVG, "one"), operations.NewDrawing(SVG, "two")])
    assert both[0].pk == both[1].pk
