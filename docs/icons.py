"""Renews the shop's mark: the SVG of browser tabs, and the PNGs that a phone puts on its first page.

    .shop/venv/bin/python docs/icons.py

A yellow tape with its ticks, and on it the name tape with the K of our own lettering, cut from the font we ship. On a
maskable icon everything that matters lies inside the middle circle of 80 %, for each phone cuts its own shape out.
"""

from __future__ import annotations

from pathlib import Path

import pyvips
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

UI = Path(__file__).resolve().parent.parent / "kidspetite" / "foundation" / "ui" / "static" / "ui"
ICONS, FONT = UI / "icons", UI / "fonts" / "besley.woff2"
TAPE, TICK, COTTON, FOLD, LETTERING = "#f8dc5c", "#292639", "#ffffff", "#e2e0dc", "#c71f2d"
SIDE = 32
PNGS = {"icon-192": ("mark", 192), "icon-512": ("mark", 512), "touch-180": ("mark", 180),
        "maskable-192": ("maskable", 192), "maskable-512": ("maskable", 512)}  # fmt: skip


def drawings() -> dict[str, str]:
    """Both ways to draw it."""
    return {
        "mark": _svg(
            _ticks(3, 6.5, 1.6), _label(left=2.5, top=10.5, wide=27, high=18.5), _letter(16, 19.75, high=12.6)
        ),
        "maskable": _svg(_ticks(3, 6, 1.2), _label(left=6, top=10, wide=20, high=14), _letter(16, 17, high=9.4)),
    }


def drawn(name: str) -> pyvips.Image:
    """One PNG's picture."""
    source, side = PNGS[name]
    return pyvips.Image.svgload_buffer(drawings()[source].encode(), scale=side / SIDE).flatten()


def _svg(*parts: str) -> str:
    ground = f'<path fill="{TAPE}" d="M0 0h{SIDE}v{SIDE}H0z"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">{ground}{"".join(parts)}</svg>\n'


def _ticks(short: float, long: float, thick: float) -> str:
    lines = "".join(f"M{4 * number} 0v{long if number % 2 == 0 else short:g}" for number in range(1, 8))
    return f'<path stroke="{TICK}" stroke-width="{thick:g}" d="{lines}"/>'


def _label(*, left: float, top: float, wide: float, high: float) -> str:
    """White cloth whose ends are folded under."""
    fold = wide * 0.09
    ends = f'<path fill="{FOLD}" d="M{left:g} {top + 0.5:g}h{wide:g}v{high - 1:g}H{left:g}z"/>'
    return f'{ends}<path fill="{COTTON}" d="M{left + fold:g} {top:g}h{wide - 2 * fold:g}v{high:g}H{left + fold:g}z"/>'


def _letter(x: float, y: float, *, high: float) -> str:
    """The K, as high as that, with its middle at this point."""
    font = TTFont(FONT)
    glyph = font.getGlyphSet()[font.getBestCmap()[ord("K")]]
    bounds = BoundsPen(None)
    glyph.draw(bounds)
    left, bottom, right, top = bounds.bounds
    scale = high / (top - bottom)
    path = SVGPathPen(None, ntos=lambda number: f"{number:.2f}".rstrip("0").rstrip("."))
    shift = (x - scale * (left + right) / 2, y + scale * (top + bottom) / 2)
    glyph.draw(TransformPen(path, (scale, 0, 0, -scale, *shift)))
    return f'<path fill="{LETTERING}" d="{path.getCommands()}"/>'


def main() -> None:
    (ICONS / "mark.svg").write_text(drawings()["mark"], encoding="utf-8")
    for name in PNGS:
        drawn(name).write_to_file(str(ICONS / f"{name}.png"), compression=9, palette=True, strip=True)


if __name__ == "__main__":
    main()
