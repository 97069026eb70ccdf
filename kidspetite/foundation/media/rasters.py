"""From one original the widths that pages need, as AVIF and WebP. For a worker's thread; pyvips must not be forked."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

os.environ.setdefault("VIPS_CONCURRENCY", "1")  # read when the library loads: a job in the background takes one core

import pyvips

from kidspetite.foundation.media.types import WIDTHS

RATIO = 5 / 4
NO_LIMIT = 10_000  # of height: without one a drawing must fit into a square, and comes out narrower than was asked for
# Effort 2 takes twice the time and saves a twentieth of the bytes. A drawing in 720 dots at 46 keeps to what was drawn
# with 36 dB in some 24 KB, at 52 with 37 in 29.
AVIF = {"effort": 1, "compression": "av1"}
DRAWING_Q, PHOTO_Q = 46, 52
WEBP = {"Q": 76, "effort": 2, "alpha_q": 70}


def step_back() -> None:
    """Let everybody else on this machine go first while this thread lives. Only Linux can ask that of a thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)


def drawing_rasters(svg: bytes) -> Iterator[tuple[int, str, bytes]]:
    """(width, suffix, content) of a drawing, transparent as it is drawn. Drawn anew for each width: never enlarged, and
    thin lines stay as sharp as the width allows."""
    for width in sorted(WIDTHS, reverse=True):
        drawn = pyvips.Image.thumbnail_buffer(svg, width, height=NO_LIMIT).copy_memory()
        yield from _encoded(drawn, DRAWING_Q)


def photo_rasters(original: bytes, *, focal_x: int, focal_y: int) -> Iterator[tuple[int, str, bytes]]:
    """The same of a photograph, cut to 4:5 around the focal point (per cent), never enlarged."""
    image = pyvips.Image.new_from_buffer(original, "")
    left, top, width, height = cut(image.width, image.height, focal_x, focal_y)
    image = image.crop(left, top, width, height).copy_memory()
    for wanted in sorted([w for w in WIDTHS if w <= width] or [width], reverse=True):
        # Each from the next larger one: a fifth of the work, and nobody can tell.
        image = image if image.width == wanted else image.resize(wanted / image.width).copy_memory()
        yield from _encoded(image, PHOTO_Q)


def cut(width: int, height: int, focal_x: int, focal_y: int) -> tuple[int, int, int, int]:
    """Left, top, width and height of the largest 4:5 piece whose middle is as near to the focal point as can be."""
    cut_width, cut_height = (
        (width, round(width * RATIO)) if height >= width * RATIO else (round(height / RATIO), height)
    )
    cut_width, cut_height = max(1, min(cut_width, width)), max(1, min(cut_height, height))
    left = min(max(round(width * focal_x / 100 - cut_width / 2), 0), width - cut_width)
    top = min(max(round(height * focal_y / 100 - cut_height / 2), 0), height - cut_height)
    return left, top, cut_width, cut_height


def _encoded(image: pyvips.Image, quality: int) -> Iterator[tuple[int, str, bytes]]:
    yield image.width, "avif", image.heifsave_buffer(**AVIF, Q=quality, strip=True)
    yield image.width, "webp", image.webpsave_buffer(**WEBP, strip=True)
