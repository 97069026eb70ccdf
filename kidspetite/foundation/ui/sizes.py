"""The row of sizes in the head of every page: from newborn to four years, with the height each fits."""

from kidspetite.foundation.ui.types import Segment


def _size(label: str, inches: str, cm: str) -> Segment:
    slug = label.lower().replace("–", "-").replace(" ", "")
    return Segment(label, f"{inches} in", f"{cm} cm", href=f"/products?size={slug}", value=slug)


SIZE_ROW = (
    _size("NB", "up to 21½", "up to 55"),
    _size("0–3 m", "21½–24", "55–61"),
    _size("3–6 m", "24–26½", "61–67"),
    _size("6–9 m", "26½–28½", "67–72"),
    _size("9–12 m", "28½–30½", "72–78"),
    _size("12–18 m", "30½–32½", "78–83"),
    _size("18–24 m", "32½–34", "83–86"),
    _size("2T", "33–35½", "84–90"),
    _size("3T", "35½–38½", "90–98"),
    _size("4T", "38½–41½", "98–105"),
)
