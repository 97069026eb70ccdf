"""The drawing engine: what it promises to everybody who shows a picture."""

import gzip
import re
from itertools import combinations, product
from xml.etree import ElementTree

import pytest
import pyvips

from kidspetite.foundation.media.drawing import (
    CLOTHS,
    WASH_COLOURS,
    WASHES,
    Drawing,
    Fabric,
    Garment,
    Pattern,
    Sleeve,
    View,
    describe,
    draw,
    draw_set,
    wash_for,
)
from kidspetite.foundation.media.drawing.colours import from_oklch, hue_distance, oklch
from kidspetite.foundation.media.drawing.shapes.pattern_book import cut

pytestmark = pytest.mark.slow

RAW_BYTES, GZIPPED_BYTES = 90_000, 15_500


def raster(svg: str, width: int = 240) -> pyvips.Image:
    return pyvips.Image.svgload_buffer(svg.encode(), scale=width / 960).copy_memory()


def ids(svg: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', svg)


@pytest.mark.parametrize(("garment", "view"), product(Garment, View))
def test_every_garment_is_drawn_in_every_view(garment: Garment, view: View) -> None:
    svg = draw(Drawing(garment, "puddle", "cherry", Pattern.BRETON, seed="A-1"), view)

    root = ElementTree.fromstring(svg)
    assert root.attrib["viewBox"] == "0 0 960 1200"
    picture = raster(svg)
    assert (picture.width, picture.height, picture.bands) == (240, 300, 4)
    alpha = picture[3]
    assert alpha.avg() > 5
    if view is not View.DETAIL:  # a close look may fill the frame
        for x, y in ((0, 0), (240 - 12, 0), (0, 300 - 12), (240 - 12, 300 - 12)):
            assert alpha.crop(x, y, 12, 12).max() == 0


@pytest.mark.parametrize(("garment", "pattern"), product(Garment, Pattern))
def test_every_pattern_can_be_made_into_every_garment(garment: Garment, pattern: Pattern) -> None:
    svg = draw(Drawing(garment, "milk", "plum", pattern))

    ElementTree.fromstring(svg)
    assert (CLOTHS["plum"] in svg) or pattern is Pattern.PLAIN


@pytest.mark.parametrize("view", [View.FRONT, View.DETAIL])
def test_each_fabric_has_a_weave_of_its_own(view: View) -> None:
    sheets = [raster(draw(Drawing(Garment.BIB, "moss", fabric=fabric), view), 480)[:3] for fabric in Fabric]

    for one, other in combinations(sheets, 2):
        assert (one - other).abs().avg() > 0.15


@pytest.mark.parametrize("garment", Garment)
def test_front_and_back_differ(garment: Garment) -> None:
    drawing = Drawing(garment, "oat", "rust")

    difference = (raster(draw(drawing))[:3] - raster(draw(drawing, View.BACK))[:3]).abs()

    assert difference.max() > 40


def test_the_same_drawing_is_the_same_text() -> None:
    one, two = (Drawing(Garment.CARDIGAN, "oat", "cocoa", fabric=Fabric.KNIT, seed="KP-1") for _ in range(2))

    assert draw(one) == draw(two)
    assert draw(one) != draw(Drawing(Garment.CARDIGAN, "oat", "cocoa", fabric=Fabric.KNIT, seed="KP-2"))


@pytest.mark.parametrize(("garment", "view"), product(Garment, (View.FRONT, View.DETAIL, View.TAPE)))
def test_pictures_stay_light(garment: Garment, view: View) -> None:
    for pattern, fabric in (
        (Pattern.PETAL, Fabric.KNIT),
        (Pattern.BERRIES, Fabric.WOOL),
        (Pattern.FAIR_ISLE, Fabric.DENIM),
    ):
        svg = draw(Drawing(garment, "milk", "cherry", pattern, fabric, height_cm=98), view).encode()
        assert len(svg) <= RAW_BYTES
        assert len(gzip.compress(svg)) <= GZIPPED_BYTES


@pytest.mark.parametrize("view", View)
def test_a_picture_needs_nothing_from_outside(view: View) -> None:
    svg = draw(Drawing(Garment.RAINCOAT, "butter", "night", fabric=Fabric.OILSKIN), view)

    assert "<script" not in svg
    assert "<text" not in svg
    assert "<image" not in svg
    assert re.findall(r'href="(?!#)', svg) == []
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", svg) == []


def test_ids_never_clash_in_one_picture() -> None:
    drawings = [Drawing(garment, "milk", "cherry", Pattern.PETAL) for garment in Garment]
    pictures = [draw(drawing, view) for drawing in drawings for view in View]
    for picture in [*pictures, draw_set(drawings[:3]), draw_set([drawings[0]] * 2)]:
        assert len(ids(picture)) == len(set(ids(picture)))


@pytest.mark.parametrize(("garment", "view"), product(Garment, (View.DETAIL, View.TAPE)))
def test_every_reference_is_defined_in_the_picture(garment: Garment, view: View) -> None:
    svg = draw(Drawing(garment, "milk", "cherry", Pattern.BERRIES), view)

    used = set(re.findall(r'href="#([^"]+)"', svg)) | set(re.findall(r"url\(#([^)]+)\)", svg))

    assert used <= set(ids(svg))


@pytest.mark.parametrize(
    "garment", [Garment.BODYSUIT, Garment.SLEEPSUIT, Garment.LEGGINGS, Garment.TEE, Garment.DUNGAREES]
)
def test_a_50_is_stubbier_than_a_98(garment: Garment) -> None:
    def length_to_width(height: int) -> float:
        pile = cut(Drawing(garment, "rose", sleeve=Sleeve.SHORT, height_cm=height), View.FRONT)
        left, _, right, _ = pile.box()
        assert pile.measured
        return (pile.measured[1] - pile.measured[0]) / (right - left)

    assert length_to_width(50) < length_to_width(74) * 0.97 < length_to_width(98) * 0.95


def test_a_garment_grows_with_the_child() -> None:
    for garment in (Garment.BODYSUIT, Garment.JOGGERS, Garment.DRESS, Garment.SOCKS, Garment.RAINCOAT):
        lengths = [cut(Drawing(garment, "rose", height_cm=h), View.FRONT).measured for h in (50, 62, 74, 86, 98, 128)]
        tall = [end - start for start, end in lengths]
        assert tall == sorted(tall)
        assert tall[0] < tall[-1] * 0.75


@pytest.mark.parametrize("cloth", CLOTHS)
def test_the_wash_stands_off_from_the_cloth(cloth: str) -> None:
    wash = wash_for(cloth)

    assert wash in WASHES
    assert hue_distance(oklch(CLOTHS[cloth])[2], oklch(WASH_COLOURS[wash])[2]) >= 60
    if cloth in ("milk", "oat", "butter"):
        assert wash not in ("butter", "oat")


def test_colours_survive_the_way_through_oklch() -> None:
    for colour in CLOTHS.values():
        assert from_oklch(*oklch(colour)) == colour


@pytest.mark.parametrize("garment", Garment)
def test_a_garment_keeps_the_colour_of_its_cloth(garment: Garment) -> None:
    picture = raster(draw(Drawing(garment, "clover", "clover")), 240)
    cloth = picture[3] > 250
    seen = [(picture[i] * (cloth / 255)).avg() / (cloth.avg() / 255) for i in range(3)]
    wanted = [int(CLOTHS["clover"][i : i + 2], 16) for i in (1, 3, 5)]

    assert all(abs(a - b) < 26 for a, b in zip(seen, wanted, strict=True))


@pytest.mark.parametrize("count", [2, 3])
def test_a_set_overlaps_by_a_tenth_at_most(count: int) -> None:
    pieces = [
        Drawing(Garment.BODYSUIT, "cherry", pattern=Pattern.BRETON),
        Drawing(Garment.LEGGINGS, "night"),
        Drawing(Garment.BEANIE, "oat", fabric=Fabric.KNIT),
    ][:count]
    svg = draw_set(pieces)
    ElementTree.fromstring(svg)
    assert len(ids(svg)) == len(set(ids(svg)))

    groups = re.split(r'(?=<g transform="translate\([^"]*rotate\([^"]*scale\()', svg[: -len("</svg>")])[1:]
    head = svg[: svg.index("</defs>") + len("</defs>")]
    tops = [g for g in groups if "translate" in g]
    assert len(tops) == count
    covers = [raster(f"{head}{group}</svg>")[3] > 250 for group in tops]
    for i, one in enumerate(covers):
        for other in covers[i + 1 :]:
            assert (one & other).avg() <= 0.1 * min(one.avg(), other.avg())


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_set_is_two_or_three_pieces(count: int) -> None:
    with pytest.raises(ValueError, match="two or three"):
        draw_set([Drawing(Garment.BIB, "milk")] * count)


def test_a_set_may_hold_the_same_piece_twice() -> None:
    svg = draw_set([Drawing(Garment.BIB, "rose")] * 2)

    assert len(ids(svg)) == len(set(ids(svg)))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"cloth": "sage"}, "not a cloth"), ({"accent": "neon"}, "not a cloth"), ({"height_cm": 12}, "outside 44–164")],
)
def test_bad_orders_are_refused_in_words(wrong: dict[str, object], words: str) -> None:
    order: dict[str, object] = {"garment": Garment.TEE, "cloth": "moss", **wrong}
    with pytest.raises(ValueError, match=words):
        Drawing(**order)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not a cloth"):
        wash_for("sage")


@pytest.mark.parametrize(
    ("drawing", "view", "words"),
    [
        (
            Drawing(Garment.BODYSUIT, "cherry", pattern=Pattern.BRETON),
            View.FRONT,
            "Bodysuit with long sleeves in cherry and milk Breton stripes, front",
        ),
        (
            Drawing(Garment.SLEEP_SACK, "oat", "rust", Pattern.PIN_SPOT),
            View.BACK,
            "Sleep sack in oat with rust pin spots, back",
        ),
        (Drawing(Garment.BEANIE, "apricot", fabric=Fabric.KNIT), View.DETAIL, "Beanie in apricot knit, close up"),
        (Drawing(Garment.DUNGAREES, "denim", fabric=Fabric.DENIM), View.FRONT, "Dungarees in denim, front"),
        (
            Drawing(Garment.TEE, "milk", "night", Pattern.BRETON, sleeve=Sleeve.SHORT, height_cm=98),
            View.TAPE,
            (
                "T-shirt with short sleeves in milk and night Breton stripes, "
                "beside a tape: 15½ inches or 40 centimeters long"
            ),
        ),
    ],
)
def test_alt_text_says_what_is_seen(drawing: Drawing, view: View, words: str) -> None:
    assert describe(drawing, view) == words
