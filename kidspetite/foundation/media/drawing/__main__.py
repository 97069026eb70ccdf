"""A sheet of 24 drawings on their washes, to be looked at with a critical eye: python -m … OUT.png"""

import sys

import pyvips

from kidspetite.foundation.media.drawing import WASH_COLOURS, Drawing, draw, wash_for
from kidspetite.foundation.media.drawing.types import Fabric as F
from kidspetite.foundation.media.drawing.types import Garment as G
from kidspetite.foundation.media.drawing.types import Pattern as P
from kidspetite.foundation.media.drawing.types import Sleeve as S

ACROSS, CARD_WIDTH, GAP = 6, 320, 6

SHEET = (
    Drawing(G.BODYSUIT, "cherry", "milk", P.BRETON, height_cm=62),
    Drawing(G.RAINCOAT, "butter", "milk", P.PLAIN, F.OILSKIN, height_cm=98),
    Drawing(G.SLEEPSUIT, "moss", "milk", P.PIN_SPOT, height_cm=56),
    Drawing(G.SWEATER, "night", "apricot", P.FAIR_ISLE, F.KNIT, height_cm=86),
    Drawing(G.DUNGAREES, "denim", "milk", P.PLAIN, F.DENIM, height_cm=86),
    Drawing(G.DRESS, "rose", "milk", P.PETAL, F.JERSEY, S.SHORT, 92),
    Drawing(G.TEE, "milk", "night", P.BRETON, F.JERSEY, S.SHORT, 98),
    Drawing(G.BEANIE, "apricot", "milk", P.PLAIN, F.KNIT, height_cm=68),
    Drawing(G.ROMPER, "puddle", "milk", P.GINGHAM, F.JERSEY, S.NONE, 74),
    Drawing(G.CARDIGAN, "oat", "cocoa", P.PLAIN, F.KNIT, height_cm=74),
    Drawing(G.JOGGERS, "clover", "milk", P.PLAIN, F.TERRY, height_cm=92),
    Drawing(G.BIB, "milk", "cherry", P.BERRIES, F.MUSLIN, height_cm=62),
    Drawing(G.HOODIE, "rust", "milk", P.COLOUR_BLOCK, F.TERRY, height_cm=98),
    Drawing(G.SLEEP_SACK, "lilac", "milk", P.PETAL, F.MUSLIN, S.NONE, 68),
    Drawing(G.SOCKS, "butter", "puddle", P.PLAIN, F.KNIT, height_cm=86),
    Drawing(G.SKIRT, "plum", "rose", P.WAVES, F.CORD, height_cm=98),
    Drawing(G.BODYSUIT, "milk", "cherry", P.BERRIES, F.JERSEY, S.SHORT, 74),
    Drawing(G.LEGGINGS, "pewter", "milk", P.PLAIN, F.RIB, height_cm=80),
    Drawing(G.PAJAMAS, "puddle", "milk", P.BRETON, height_cm=98),
    Drawing(G.SUN_HAT, "rose", "milk", P.GINGHAM, F.MUSLIN, height_cm=80),
    Drawing(G.SHORTS, "cocoa", "apricot", P.PLAIN, F.CORD, height_cm=92),
    Drawing(G.BOOTIES, "lilac", "milk", P.PLAIN, F.KNIT, height_cm=56),
    Drawing(G.BLANKET, "oat", "cherry", P.PLAIN, F.WOOL, height_cm=62),
    Drawing(G.SWEATER, "cherry", "milk", P.PLAIN, F.WOOL, height_cm=68),
)


def main(out: str) -> None:
    cards = [_card(drawing) for drawing in SHEET]
    pyvips.Image.arrayjoin(cards, across=ACROSS, shim=GAP, background=[252, 251, 248]).write_to_file(out)


def _card(drawing: Drawing) -> pyvips.Image:
    wash = WASH_COLOURS[wash_for(drawing.cloth)]
    ground = [int(wash[i : i + 2], 16) for i in (1, 3, 5)]
    picture = pyvips.Image.svgload_buffer(draw(drawing).encode(), scale=CARD_WIDTH / 960)
    return picture.flatten(background=ground)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m kidspetite.foundation.media.drawing OUT.png")
    main(sys.argv[1])
