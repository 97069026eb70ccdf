"""Which cut belongs to which garment."""

from collections.abc import Callable

from kidspetite.foundation.media.drawing.measures import Measures, measures_for
from kidspetite.foundation.media.drawing.piece import Pile
from kidspetite.foundation.media.drawing.shapes import (
    bottoms,
    dresses,
    dungarees,
    feet,
    headwear,
    layers,
    nursery,
    onesies,
    rainwear,
    tops,
)
from kidspetite.foundation.media.drawing.types import Drawing, Garment, View

type Cut = Callable[[Measures, Drawing, View], Pile]

CUTS: dict[Garment, Cut] = {
    Garment.BODYSUIT: tops.bodysuit,
    Garment.TEE: tops.tee,
    Garment.SWEATER: tops.sweater,
    Garment.CARDIGAN: layers.cardigan,
    Garment.HOODIE: layers.hoodie,
    Garment.RAINCOAT: rainwear.raincoat,
    Garment.LEGGINGS: bottoms.leggings,
    Garment.JOGGERS: bottoms.joggers,
    Garment.SHORTS: bottoms.shorts,
    Garment.SLEEPSUIT: onesies.sleepsuit,
    Garment.ROMPER: onesies.romper,
    Garment.DUNGAREES: dungarees.dungarees,
    Garment.SLEEP_SACK: onesies.sleep_sack,
    Garment.DRESS: dresses.dress,
    Garment.SKIRT: dresses.skirt,
    Garment.PAJAMAS: dresses.pajamas,
    Garment.BEANIE: headwear.beanie,
    Garment.SUN_HAT: headwear.sun_hat,
    Garment.BIB: nursery.bib,
    Garment.SOCKS: feet.socks,
    Garment.BOOTIES: feet.booties,
    Garment.BLANKET: nursery.blanket,
}


def cut(drawing: Drawing, view: View) -> Pile:
    """The garment in pieces, at its size; the detail and tape views are cut like the front."""
    return CUTS[drawing.garment](measures_for(drawing.height_cm), drawing, view)
