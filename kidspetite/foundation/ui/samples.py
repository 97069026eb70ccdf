"""What the style guide shows: every component in all its states, with the troublesome cases a shop really meets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui.types import Card, CareSymbol, Link, Mark, Picture, Segment, Step, Swatch

LONG_NAME = (
    "Hand-framed merino cardigan with contrast yoke, horn buttons and a "
    "Donaudampfschifffahrtsgesellschaft motif on the back"
)
BASE = datetime(2026, 12, 3, 20, 42, tzinfo=UTC)


def _size(label: str, inches: tuple[str, str], cm: tuple[int, int]) -> Segment:
    slug = label.lower().replace("–", "-").replace(" ", "")
    return Segment(
        label,
        inches=f"{inches[0]}–{inches[1]} in",
        cm=f"{cm[0]}–{cm[1]} cm",
        from_in=inches[0],
        from_cm=str(cm[0]),
        href=f"/products?size={slug}",
        value=slug,
    )


SIZE_ROW = (
    _size("NB", ("18", "21½"), (46, 55)),
    _size("0–3 m", ("21½", "24"), (55, 61)),
    _size("3–6 m", ("24", "26½"), (61, 67)),
    _size("6–9 m", ("26½", "28½"), (67, 72)),
    _size("9–12 m", ("28½", "30½"), (72, 78)),
    _size("12–18 m", ("30½", "32½"), (78, 83)),
    _size("18–24 m", ("32½", "34"), (83, 86)),
    _size("2T", ("33", "35½"), (84, 90)),
    _size("3T", ("35½", "38½"), (90, 98)),
    _size("4T", ("38½", "41½"), (98, 105)),
)

LABELS = [size.label for size in SIZE_ROW] * 4

SWATCHES = (
    Swatch("Cherry stripe", "#c32e3a,#f6f4eb", value="cherry", current=True),
    Swatch("Denim", "#3b5f8d", value="denim"),
    Swatch("Milk", "#f6f4eb", value="milk"),
    Swatch("Moss", "#759159", value="moss", sold_out=True),
)

PICKER = (
    Segment("NB", "up to 21½ in", "up to 55 cm", value="nb", price="$18.00"),
    Segment("0–3 m", "21½–24 in", "55–61 cm", value="0-3m", price="$18.00"),
    Segment("3–6 m", "24–26½ in", "61–67 cm", value="3-6m", price="$18.00", current=True),
    Segment("6–9 m", "26½–28½ in", "67–72 cm", value="6-9m", price="$20.00"),
    Segment("9–12 m", "28½–30½ in", "72–78 cm", value="9-12m", price="$20.00", sold_out=True),
)


def picture(colour: str, wash: str, alt: str) -> Picture:
    """A flat bodysuit as a data address, so that the style guide needs no other room's pictures."""
    shape = (
        "M168 132c38 30 106 30 144 0l52 18 62 128-66 34-28-52c2 96 10 150-12 216-24 8-52 40-58 74h-44"
        "c-6-34-34-66-58-74-22-66-14-120-12-216l-28 52-66-34 62-128z"
    )
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 480 600'>"
        f"<path d='{shape}' transform='translate(10 14)' fill='%23292639' fill-opacity='.16'/>"
        f"<path d='{shape}' fill='{colour.replace('#', '%23')}'/>"
        "<path d='M222 150h36v12h-36z' fill='white'/><path d='M228 156h24' stroke='%23c71f2d' stroke-width='3'/></svg>"
    )
    return Picture(src=f"data:image/svg+xml,{svg}", alt=alt, width=480, height=600, wash=wash)


def cards() -> list[Card]:
    """Cards of every kind: usual, reduced, sold out, long name, no picture, many sizes, dear and free."""
    sizes = ("0–3 m", "3–6 m", "6–9 m")
    red, yellow = picture("#c32e3a", "puddle", "Red bodysuit"), picture("#efdf95", "petal", "Yellow bodysuit")
    blue, moss = picture("#7bb3d4", "butter", "Blue bodysuit"), picture("#759159", "lilac", "Green bodysuit")
    return [
        Card("#", "Harbour bodysuit", Money(1800), red, None, sizes, SWATCHES, "fits Mia", key="1"),
        Card("#", "Pip bodysuit", Money(1600), yellow, None, sizes[:2], SWATCHES[:1], key="2"),
        Card("#", "Puddle bodysuit", Money(1440), blue, Money(2400), sizes, SWATCHES[1:3], key="3"),
        Card("#", "Deck bodysuit", Money(1800), moss, None, (), SWATCHES, available=False, key="4"),
        Card("#", LONG_NAME, Money(999999), None, None, LABELS, SWATCHES * 3, "last 2", key="5"),
        Card("#", "Gift card", Money(0), picture("#70355e", "mint", "Plum bodysuit"), None, ("one size",), key="6"),
    ]


def _value(label: str, count: int, **more: Any) -> dict[str, Any]:
    told = {"label": label, "value": label.lower(), "count": count, "query": "", "swatch": "", "depth": 0}
    return told | {"is_chosen": False, "is_disabled": not count} | more


FACETS = [
    {"key": "colour", "label": "Color", "takes_many": True, "values": [
        _value("Red", 12, swatch="#c32e3a", is_chosen=True), _value("Striped", 3, swatch="#c32e3a,#f6f4eb"),
        _value("Navy", 0, swatch="#2a3550"),
    ]},
    {"key": "season", "label": "Season", "takes_many": False, "values": [
        _value("Spring", 8), _value("Winter", 4, depth=1),
    ]},
]  # fmt: skip


def context() -> dict[str, Any]:
    """Everything `ui/styleguide.html` needs but `shop` and `request`."""
    rows = [
        ("6–9 m", "26½–28½ in", "67–72 cm", [("Fern sleepsuit, $26", "", "Wanted 3, given 1", "")]),
        ("3–6 m", "24–26½ in", "61–67 cm", [
            ("Harbour bodysuit, $18", "Dec 3", "✓ Given by Grandma Ruth", "new"),
            ("Puddle raincoat, $48", "", "Being bought right now: back at 3:42 pm if not", ""),
        ]),
        ("NB", "up to 21½ in", "up to 55 cm", [("Wool cardigan, $39", "Nov 30", "✓ Given", "done")]),
    ]  # fmt: skip
    return {
        "size_row": SIZE_ROW,
        "cards": cards(),
        "swatches": SWATCHES,
        "picker": PICKER,
        "one_size": PICKER[2:3],
        "many_sizes": [
            Segment(f"{n}", f"{n} in", f"{n * 5 // 2} cm", value=str(n), current=n == 31)
            for n in range(16, 56)
        ],
        "gallery_pictures": [c.picture for c in cards() if c.picture],
        "photo": replace(picture("#9299a1", "", "A photograph by the owner"), focal_x=30, focal_y=20),
        "door_rows": [{"segment": Segment(label, i, c), "wants": wants} for label, i, c, wants in rows],
        "steps": [Step("Shipping", "#"), Step("Payment", "#"), Step("Review")],
        "trail": [Link("Home", "#"), Link("Bodysuits", "#"), Link("Harbour bodysuit")],
        "views": [Link("All", "#", current=True), Link("To come", "#"), Link("Sent back", "#")],
        "facets": FACETS,
        "chips": [Link("3–6 m", "#"), Link("Red", "#"), Link("Under $25", "#")],
        "marks": [
            Mark("At your door", None, "We expect Thu, Dec 10, before noon."),
            Mark("Left our table", BASE, "USPS 9400 1000 0000 0000"),
            Mark("Paid", BASE - timedelta(hours=5), "$42.10 on the card ending 4242"),
        ],
        "care": [
            CareSymbol("wash-40", "warm wash"), CareSymbol("bleach-no", "no bleach"),
            CareSymbol("tumble-low", "tumble low"), CareSymbol("iron-medium", "warm iron"),
            CareSymbol("dryclean-no", "no dry clean"),
        ],
        "care_all": [
            CareSymbol(name, name.replace("-", " "))
            for name in ("wash-30", "wash-60", "wash-hand", "tumble-no", "line-dry", "flat-dry", "iron-low", "iron-no")
        ],
        "rates": [
            {"value": "standard", "label": "Standard", "hint": "Arrives Thu, Dec 10", "end": "$5.00"},
            {"value": "express", "label": "Express", "hint": "Arrives Mon, Dec 7", "end": "$14.00"},
        ],
        "states": [("", "Choose a state"), ("CA", "California"), ("NY", "New York"), ("PR", "Puerto Rico")],
        "subtotal": Money(3740), "total": Money(4210),
    }  # fmt: skip
