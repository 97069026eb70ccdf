"""The yellow tape beside a garment: inches on its left edge, centimetres on its right, and the length as a "
"pencil mark."""

from kidspetite.foundation.media.drawing.colours import TICK
from kidspetite.foundation.media.drawing.geometry import number
from kidspetite.foundation.media.drawing.glyphs import EM, GLYPHS
from kidspetite.foundation.media.drawing.ink import FOLD, TAPE, Ink

INCH = 2.54
WIDTH = 132.0  # pixels
NOTE_SIZE = 34.0


def tape(ink: Ink, x: float, zero: float, foot: float, length_cm: float) -> str:
    """A tape whose zero lies at `zero` pixels, running to `foot`, with a mark and a note at the garment's length."""
    tall = foot - zero
    return (
        f'<g transform="translate({number(x)} {number(zero)})">{_strip(ink, tall)}{_ticks(ink, tall)}</g>'
        + pencil_mark(ink, x, zero + length_cm * ink.px, length_cm)
    )


def in_inches(length_cm: float) -> tuple[int, str]:
    """Whole inches and the half, as a dressmaker reads them."""
    halves = round(length_cm / INCH * 2)
    return halves // 2, "½" if halves % 2 else ""


def lettering(ink: Ink, text: str, x: float, y: float, size: float, *, anchor: float = 0.0) -> str:
    """Text as outlines; `anchor` is the share of its width that lies left of x."""
    scale, along, drawn = size / EM, 0, ""
    x -= _width(text) * scale * anchor
    for sign in text:
        advance, outline = GLYPHS.get(sign, (EM // 4, ""))
        if outline:
            name = ink.define(f"n{ord(sign)}", f'<path ID d="{outline}"/>')
            drawn += f'<use href="#{name}" x="{along}"/>'
        along += advance
    return f'<g transform="translate({x:.0f} {y:.0f})scale({number(scale)})">{drawn}</g>'


def _width(text: str) -> float:
    return sum(GLYPHS.get(sign, (EM // 4, ""))[0] for sign in text)


def _strip(ink: Ink, tall: float) -> str:
    sheen = ink.define(
        "ts",
        f'<linearGradient ID><stop stop-color="{FOLD}"/><stop offset=".05" stop-color="#fbe88a"/><stop '
        f'offset=".3" stop-color="{TAPE}"/>'
        f'<stop offset=".8" stop-color="{TAPE}"/><stop offset="1" stop-color="{FOLD}"/></linearGradient>',
    )
    brass = ink.define(
        "tb",
        '<linearGradient ID><stop stop-color="#b98f3d"/><stop offset=".25" stop-color="#f2dfa0"/><stop '
        'offset=".6" stop-color="#cfa852"/>'
        '<stop offset="1" stop-color="#96702c"/></linearGradient>',
    )
    w, h = number(WIDTH), number(tall)
    shade = "".join(
        f'<rect x="{number(3 + i * 1.6)}" y="{number(-20 + i * 2.2)}" width="{w}" height="{number(tall + 20)}" '
        f'rx="{number(2 + i)}" '
        f'stroke="{TICK}" stroke-opacity=".03" stroke-width="{number(4 + i * 6)}" fill="none"/>'
        for i in range(7)
    )
    threads = f'stroke="{TICK}" stroke-opacity=".045" stroke-width="{h}" stroke-dasharray="1 3"'
    weave = f'<path d="M0 {number(tall / 2)}h{w}" {threads}/>'
    return (
        f'{shade}<rect width="{w}" height="{h}" fill="url(#{sheen})"/>{weave}'
        f'<path d="M3.5 0v{h}M{number(WIDTH - 3.5)} 0v{h}" stroke="{TICK}" stroke-opacity=".16" '
        'stroke-dasharray="5 3"/>'
        f'<path d="M-2-22h{number(WIDTH + 4)}V4h-{number(WIDTH + 4)}z" fill="url(#{brass})"/>'
        f'<path d="M-2-21h{number(WIDTH + 4)}" stroke="#fff" stroke-opacity=".6" stroke-width="2"/>'
        f'<path d="M-2 4h{number(WIDTH + 4)}" stroke="{TICK}" stroke-opacity=".35" stroke-width="1.6"/>'
        f'<circle cx="{number(WIDTH / 2)}" cy="-9" r="5" fill="#7d5d22"/><circle cx="{number(WIDTH / 2 - 1)}" '
        'cy="-10" r="4" fill="#e8cf8a"/>'
    )


def _ticks(ink: Ink, tall: float) -> str:
    left, right, labels = "", "", ""
    per_inch, per_cm = ink.px * INCH, ink.px
    for i in range(1, int(tall / per_inch * 4) + 1):
        y = i * per_inch / 4
        left += f"M0 {number(y)}h{32 if i % 4 == 0 else 22 if i % 2 == 0 else 13}"
        if i % 4 == 0 and y < tall - 16:
            labels += lettering(ink, str(i // 4), 38, y + 9.5, 27)
    for i in range(1, int(tall / per_cm) + 1):
        y = i * per_cm
        right += f"M{number(WIDTH)} {number(y)}h-{22 if i % 5 == 0 else 11}"
        if i % 5 == 0 and y < tall - 12:
            labels += lettering(ink, str(i), WIDTH - 25, y + 6.3, 18, anchor=1.0)
    return f'<path d="{left}{right}" stroke="{TICK}" stroke-width="2" fill="none"/><g fill="{TICK}">{labels}</g>'


def pencil_mark(ink: Ink, x: float, y: float, length_cm: float) -> str:
    """A ruled line at the garment's foot and what it says: 17 in · 43 cm."""
    whole, half = in_inches(length_cm)
    note = f"{whole}{half} in · {round(length_cm)} cm"
    start = x + WIDTH
    end = start + 34 + _width(note) * NOTE_SIZE / EM
    return (
        f'<path d="M{number(x - 14)} {number(y)}Q{number((x + end) / 2)} {number(y - 2.4)} {number(end)} '
        f'{number(y + 0.6)}" fill="none" '
        f'stroke="#c71f2d" stroke-width="3" stroke-linecap="round"/>'
        f'<g fill="{TICK}">{lettering(ink, note, start + 22, y + NOTE_SIZE + 10, NOTE_SIZE)}</g>'
    )
