"""How stored pictures are named: by the digest of their content, so that a name never means something else."""

from __future__ import annotations

from dataclasses import dataclass

# Best first, as browsers choose.
FORMATS = {"avif": "image/avif", "webp": "image/webp"}
# Everything that is ever stored or handed out, by its suffix, and for how long it may be kept.
KINDS = {".svg": "image/svg+xml", ".jpg": "image/jpeg", **{f".{suffix}": kind for suffix, kind in FORMATS.items()}}
FOR_EVER = "public, max-age=31536000, immutable"
WIDTHS = (240, 360, 480, 720, 960)


@dataclass(frozen=True, slots=True)
class NewDrawing:
    """A drawing to be kept: its SVG, what it shows, and the wash it lies on."""

    svg: str
    alt: str
    wash: str = ""


def folder_of(digest: str) -> str:
    """Where all files of one picture lie."""
    return f"pictures/{digest[:2]}"


def original_name(digest: str, suffix: str) -> str:
    return f"{folder_of(digest)}/{digest}.{suffix}"


def raster_name(digest: str, focal_x: int, focal_y: int, width: int, suffix: str) -> str:
    """A raster is cut around the focal point, so the point is part of its name."""
    focus = "" if (focal_x, focal_y) == (50, 50) else f"-{focal_x}x{focal_y}"
    return f"{folder_of(digest)}/{digest}{focus}-{width}.{suffix}"
