"""The drawing engine: flat lays of children's clothes as SVG, from real measurements."""

from kidspetite.foundation.media.drawing.colours import wash_for
from kidspetite.foundation.media.drawing.describe import describe
from kidspetite.foundation.media.drawing.scene import draw, draw_set
from kidspetite.foundation.media.drawing.types import (
    CLOTHS,
    WASH_COLOURS,
    WASHES,
    Drawing,
    Fabric,
    Garment,
    Pattern,
    Sleeve,
    View,
)

__all__ = [
    "CLOTHS",
    "WASHES",
    "WASH_COLOURS",
    "Drawing",
    "Fabric",
    "Garment",
    "Pattern",
    "Sleeve",
    "View",
    "describe",
    "draw",
    "draw_set",
    "wash_for",
]
