from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings

from kidspetite.foundation.media.models import Picture
from kidspetite.foundation.media.types import FORMATS, raster_name
from kidspetite.foundation.ui.types import Picture as PictureView
from kidspetite.foundation.ui.types import Source

# For statements that join `media_picture AS m`; `picture_from` reads them back.
COLUMNS = (
    "m.kind, m.digest, m.original, m.width, m.height, m.alt, m.wash, m.focal_x, m.focal_y, "
    "m.widths::text, m.formats::text"
)
FIELDS = ("kind", "digest", "original", "width", "height", "alt", "wash", "focal_x", "focal_y")


def sources_of(picture: Picture | None) -> PictureView | None:
    """The picture as a page shows it: the smallest formats first, the original for whoever knows none."""
    if picture is None:
        return None
    told = [getattr(picture, name) for name in FIELDS]
    return picture_from([*told, json.dumps(picture.widths), json.dumps(picture.formats)])


def picture_from(values: Sequence[Any]) -> PictureView | None:
    """The same from the values of `COLUMNS`; None when the join found none."""
    return None if values[0] is None else _view(settings.PICTURES_URL, *values)


@lru_cache(maxsize=4096)
def _view(
    base: str, kind: str, digest: str, original: str, width: int, height: int, alt: str, wash: str, focal_x: int,
    focal_y: int, told_widths: str, told_formats: str,
) -> PictureView:  # fmt: skip
    """Pages show the same pictures again and again."""
    widths, formats = json.loads(told_widths), json.loads(told_formats)
    sources = tuple(
        Source(
            FORMATS[suffix],
            ", ".join(f"{base}{raster_name(digest, focal_x, focal_y, width, suffix)} {width}w" for width in widths),
        )
        for suffix in formats
        if widths
    )
    if kind == Picture.Kind.PHOTO and widths:  # cut to the shop's ratio from here on
        largest = max(widths)
        width, height = largest, largest * 5 // 4
        original = raster_name(digest, focal_x, focal_y, largest, "webp")
    return PictureView(
        src=f"{base}{original}", alt=alt, width=width, height=height, wash=wash, focal_x=focal_x, focal_y=focal_y,
        sources=sources,
    )  # fmt: skip
