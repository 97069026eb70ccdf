"""The sheet's promises about colour, computed from the stylesheet itself."""

import math
import re

import pytest

from kidspetite.foundation.ui.stylesheet import CSS

TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
SCHEMES = ("light", "dark")
GROUNDS = ("paper", "felt")
TEXT = ("pencil", "soft", "thread", "link", "clover", "brick", "honey")
WASHES = ("puddle", "petal", "mint", "butter", "lilac", "oat")

PAIRS = [
    *[(text, ground, 4.5) for text in TEXT for ground in GROUNDS],
    *[("edge", ground, 3.0) for ground in GROUNDS],
    *[("tick", f"wash-{wash}", 4.5) for wash in WASHES],
    ("tick", "tape", 4.5),
    ("tick", "fold", 4.5),
    ("tape", "tick", 4.5),
    ("tick-soft", "tape", 4.5),
    ("tick-soft", "fold", 4.5),
    ("brick", "bad", 4.5),
    ("pencil", "bad", 4.5),
    ("clover", "good", 4.5),
    ("pencil", "good", 4.5),
    ("lettering", "cotton", 4.5),
]

Rgb = tuple[float, float, float]


def _blocks() -> dict[str, dict[str, dict[str, str]]]:
    """scheme → notation → token → value; dark and oklch each lie on what they override."""
    rest, _, dark = TOKENS.partition("@media (prefers-color-scheme: dark)")
    found: dict[str, dict[str, dict[str, str]]] = {}
    for scheme, text in (("light", rest), ("dark", dark)):
        hexes, _, oklchs = text.partition("@supports")
        for notation, part in (("hex", hexes), ("oklch", oklchs)):
            values = dict(re.findall(r"--([\w-]+):\s*([^;]+);", part))
            base = {} if scheme == "light" else found["light"][notation]
            found.setdefault(scheme, {})[notation] = {**base, **values}
        found[scheme]["oklch"] = {**found[scheme]["hex"], **found[scheme]["oklch"]}
    return found


def _rgb(value: str) -> Rgb:
    """Linear light, 0 to 1."""
    if value.startswith("#"):
        parts = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)  # type: ignore[return-value]
    lightness, chroma, hue = re.fullmatch(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)", value).groups()  # type: ignore[union-attr]
    light, angle = float(lightness) / 100, math.radians(float(hue))
    a, b = float(chroma) * math.cos(angle), float(chroma) * math.sin(angle)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return red, green, blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(rgb: Rgb) -> float:
    return sum(part * share for part, share in zip(rgb, (0.2126, 0.7152, 0.0722), strict=True))


def _encoded(rgb: Rgb) -> list[float]:
    return [255 * (12.92 * c if c <= 0.0031308 else 1.055 * max(c, 0) ** (1 / 2.4) - 0.055) for c in rgb]


@pytest.mark.parametrize("notation", ["hex", "oklch"])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_pair_can_be_read(scheme: str, notation: str, front: str, ground: str, least: float) -> None:
    tokens = _blocks()[scheme][notation]
    assert _contrast(tokens[front], tokens[ground]) >= least


@pytest.mark.parametrize("scheme", SCHEMES)
def test_hex_is_the_same_colour_as_oklch(scheme: str) -> None:
    tokens = _blocks()[scheme]
    for name, value in tokens["oklch"].items():
        if value.startswith("oklch"):
            apart = [
                abs(x - y) for x, y in zip(_encoded(_rgb(value)), _encoded(_rgb(tokens["hex"][name])), strict=True)
            ]
            assert max(apart) <= 1.5, name


def test_every_colour_lies_inside_srgb() -> None:
    for scheme in SCHEMES:
        for name, value in _blocks()[scheme]["oklch"].items():
            assert all(-0.002 <= part <= 1.002 for part in _rgb(value)), (scheme, name)


def test_dark_scheme_redraws_every_ground_and_text() -> None:
    _, _, dark = TOKENS.partition("@media (prefers-color-scheme: dark)")
    for name in (*GROUNDS, *TEXT, "edge", "line", "bad", "good", *[f"wash-{wash}" for wash in WASHES]):
        assert dark.count(f"--{name}:") == 2, name
