from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from kidspetite.foundation.media.models import Picture
from kidspetite.foundation.media.types import FORMATS, raster_name
from kidspetite.foundation.ui.types import Picture as PictureView
from kidspetite.foundation.ui.types import Source

# For statements that join `media_picture AS m`; `picture_from` reads them back.
COLUMNS = (
    "m.kind, m.digest, m.original, m.width, m.height, m.alt, m.wash, m.focal_x, m.focal_y, "
    "m.widths::json, m.formats::json"
)
FIELDS = ("kind", "digest", "original", "width", "height", "alt", "wash", "focal_x", "focal_y", "widths", "formats")


def sources_of(picture: Picture | None) -> PictureView | None:
    """The picture as a page shows it: the smallest formats first, the original for whoever knows none."""
    return None if picture is None else picture_from([getattr(picture, name) for name in FIELDS])


def picture_from(values: Sequence[Any]) -> PictureView | None:
    """The same from the values of `COLUMNS`; None when the join found none."""
    kind, digest, original, width, height, alt, wash, focal_x, focal_y, widths, formats = values
    if kind is None:
        return None
    base = settings.MEDIA_URL
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
