"""Which cut belongs to which garment."""

from collections.abc import Callable

from kidspetite.foundation.media.drawing.measures import Measures, measures_for
from kidspetite.foundation.media.drawing.piece import Pile
from kidspetite.foundation.media.drawing.shapes import bottoms, dresses, layers, onesies, small, tops
from kidspetite.foundation.media.drawing.types import Drawing, Garment, View

type Cut = Callable[[Measures, Drawing, View], Pile]

CUTS: dict[Garment, Cut] = {
    Garment.BODYSUIT: tops.bodysuit,
    Garment.TEE: tops.tee,
    Garment.SWEATER: tops.sweater,
    Garment.CARDIGAN: layers.cardigan,
    Garment.HOODIE: layers.hoodie,
    Garment.RAINCOAT: layers.raincoat,
    Garment.LEGGINGS: bottoms.leggings,
    Garment.JOGGERS: bottoms.joggers,
    Garment.SHORTS: bottoms.shorts,
    Garment.SLEEPSUIT: onesies.sleepsuit,
    Garment.ROMPER: onesies.romper,
    Garment.DUNGAREES: onesies.dungarees,
    Garment.SLEEP_SACK: onesies.sleep_sack,
    Garment.DRESS: dresses.dress,
    Garment.SKIRT: dresses.skirt,
    Garment.PAJAMAS: dresses.pajamas,
    Garment.BEANIE: small.beanie,
    Garment.SUN_HAT: small.sun_hat,
    Garment.BIB: small.bib,
    Garment.SOCKS: small.socks,
    Garment.BOOTIES: small.booties,
    Garment.BLANKET: small.blanket,
}


def cut(drawing: Drawing, view: View) -> Pile:
    """The garment in pieces, at its size; the detail and tape views are cut like the front."""
    return CUTS[drawing.garment](measures_for(drawing.height_cm), drawing, view)
