"""Colour arithmetic in OKLCH, and the ground that sets off a cloth."""

from math import atan2, cos, degrees, hypot, radians, sin

from kidspetite.foundation.media.drawing.types import CLOTHS, WASH_COLOURS, WASHES

TICK = "#292639"
PALE_LIGHTNESS = 0.86
GREY_CHROMA = 0.03
LEAST_HUE_DISTANCE = 60.0


def oklch(hex_colour: str) -> tuple[float, float, float]:
    """Lightness 0–1, chroma, hue in degrees."""
    lightness, a, b = _oklab(hex_colour)
    return lightness, hypot(a, b), degrees(atan2(b, a)) % 360


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The nearest sRGB hex; chroma is taken back until the colour is in gamut."""
    while True:
        a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
        channels = _linear_rgb(lightness, a, b)
        if chroma < 0.004 or all(-0.002 <= c <= 1.002 for c in channels):
            return "#" + "".join(f"{round(255 * _encode(c)):02x}" for c in channels)
        chroma *= 0.94


def mix(first: str, second: str, share: float) -> str:
    """`share` of the second colour in the first, blended in OKLab."""
    one, two = _oklab(first), _oklab(second)
    lightness, a, b = (x + (y - x) * share for x, y in zip(one, two, strict=True))
    return from_oklch(lightness, hypot(a, b), degrees(atan2(b, a)) % 360)


def shifted(hex_colour: str, lightness: float, chroma: float = 1.0) -> str:
    """The colour with its lightness moved and its chroma multiplied."""
    level, strength, hue = oklch(hex_colour)
    return from_oklch(min(0.99, max(0.06, level + lightness)), strength * chroma, hue)


def hue_distance(one: float, two: float) -> float:
    gap = abs(one - two) % 360
    return min(gap, 360 - gap)


def wash_for(cloth: str) -> str:
    """The ground on which a cloth is shown: hue at least 60° away, pale cloth never on butter or oat.

    Each cloth keeps one of the grounds allowed to it, so that a row of different cloths is a row of different grounds.
    """
    if cloth not in CLOTHS:
        raise ValueError(f"{cloth!r} is not a cloth; the cloths are {', '.join(CLOTHS)}.")
    allowed = washes_allowed(cloth)
    favourite = _FAVOURITES.get(cloth)
    return favourite if favourite in allowed else allowed[sum(map(ord, cloth)) % len(allowed)]


def washes_allowed(cloth: str) -> list[str]:
    lightness, _, hue = oklch(CLOTHS[cloth])
    pale = lightness >= PALE_LIGHTNESS
    far = [w for w in WASHES if hue_distance(hue, oklch(WASH_COLOURS[w])[2]) >= LEAST_HUE_DISTANCE]
    return [w for w in far if not (pale and w in ("butter", "oat"))]


_FAVOURITES = {
    "milk": "puddle",
    "oat": "lilac",
    "butter": "petal",
    "apricot": "puddle",
    "rust": "mint",
    "cherry": "puddle",
    "rose": "mint",
    "plum": "butter",
    "lilac": "butter",
    "puddle": "butter",
    "denim": "oat",
    "night": "petal",
    "moss": "petal",
    "clover": "petal",
    "cocoa": "puddle",
    "pewter": "butter",
}


def _oklab(hex_colour: str) -> tuple[float, float, float]:
    r, g, b = (_decode(int(hex_colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear_rgb(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _decode(c: float) -> float:
    return c / 12.92 if c <= 0.04045 else float(((c + 0.055) / 1.055) ** 2.4)


def _encode(c: float) -> float:
    c = min(1.0, max(0.0, c))
    return 12.92 * c if c <= 0.0031308 else float(1.055 * c ** (1 / 2.4) - 0.055)
