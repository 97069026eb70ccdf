"""The words for those who do not see the picture."""

from kidspetite.foundation.media.drawing.shapes.pattern_book import cut
from kidspetite.foundation.media.drawing.tape_measure import in_inches
from kidspetite.foundation.media.drawing.types import Drawing, Fabric, Garment, Pattern, Sleeve, View

_NAMES = {
    Garment.TEE: "T-shirt",
    Garment.SUN_HAT: "Sun hat",
    Garment.SLEEP_SACK: "Sleep sack",
    Garment.PAJAMAS: "Two-piece pajamas",
    Garment.BOOTIES: "Pair of booties",
    Garment.SOCKS: "Pair of socks",
}

SLEEVED = frozenset(
    {
        Garment.BODYSUIT,
        Garment.SLEEPSUIT,
        Garment.ROMPER,
        Garment.TEE,
        Garment.SWEATER,
        Garment.CARDIGAN,
        Garment.HOODIE,
        Garment.DRESS,
        Garment.PAJAMAS,
        Garment.RAINCOAT,
    }
)

_SLEEVES = {Sleeve.LONG: " with long sleeves", Sleeve.SHORT: " with short sleeves", Sleeve.NONE: " without sleeves"}

_PATTERNS = {
    Pattern.PLAIN: "in {cloth}",
    Pattern.BRETON: "in {cloth} and {accent} Breton stripes",
    Pattern.GINGHAM: "in {cloth} and {accent} gingham",
    Pattern.PIN_SPOT: "in {cloth} with {accent} pin spots",
    Pattern.PETAL: "in {cloth} with {accent} flowers",
    Pattern.WAVES: "in {cloth} with {accent} waves",
    Pattern.BERRIES: "in {cloth} with {accent} berries",
    Pattern.FAIR_ISLE: "in {cloth} and {accent} Fair Isle",
    Pattern.COLOUR_BLOCK: "in blocks of {cloth} and {accent}",
}

_FABRICS = {
    Fabric.JERSEY: "",
    Fabric.RIB: " rib",
    Fabric.KNIT: " knit",
    Fabric.TERRY: " terry",
    Fabric.WOOL: " wool",
    Fabric.OILSKIN: " oilskin",
    Fabric.MUSLIN: " muslin",
    Fabric.DENIM: " denim",
    Fabric.CORD: " corduroy",
}


def describe(drawing: Drawing, view: View = View.FRONT) -> str:
    """One sentence without a full stop: "Bodysuit with long sleeves in cherry and milk Breton stripes, front"."""
    name = _NAMES.get(drawing.garment, drawing.garment.value.capitalize())
    sleeves = _SLEEVES[drawing.sleeve] if drawing.garment in SLEEVED else ""
    look = _PATTERNS[drawing.pattern].format(cloth=drawing.cloth, accent=drawing.accent)
    if drawing.pattern is Pattern.PLAIN and drawing.cloth != drawing.fabric.value:
        look += _FABRICS[drawing.fabric]
    return f"{name}{sleeves} {look}, {_seen(drawing, view)}"


def _seen(drawing: Drawing, view: View) -> str:
    match view:
        case View.FRONT:
            return "front"
        case View.BACK:
            return "back"
        case View.DETAIL:
            return "close up"
        case View.TAPE:
            start, end = cut(drawing, view).measured or (0.0, 0.0)
            whole, half = in_inches(end - start)
            return f"beside a tape: {whole}{half} inches or {round(end - start)} centimeters long"
