"""How this room's letters look: for the desk's samples, and for pictures of them."""

from __future__ import annotations

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.messages import edge
from kidspetite.foundation.notifications.rules import example
from kidspetite.foundation.notifications.types import Case, Letter
from kidspetite.goods.catalog.types import VariantFacts
from kidspetite.journeys.winback import messages
from kidspetite.journeys.winback.models import Round
from kidspetite.journeys.winback.types import Piece
from kidspetite.sales.cart.models import Cart

MAIL = "ana@home.example"
MANY = 24


@example("reminder-first")
def _first(case: Case) -> Letter:
    return _letter(case, 1)


@example("reminder-second")
def _second(case: Case) -> Letter:
    return _letter(case, 2)


@example("reminder-last")
def _last(case: Case) -> Letter:
    return _letter(case, 3)


def _letter(case: Case, number: int) -> Letter:
    is_edge = case is Case.EDGE
    told = Round(pk=0, address=edge.MAIL if is_edge else MAIL, opened_at=clock.now(), left_at=clock.now())
    return messages.reminder(told, Cart(pk=0), _hard() if is_edge else _real(), number=number)


def _real() -> tuple[Piece, ...]:
    return (
        Piece(_variant("Harbour dungarees", "2T", "Sage", 3800), 1, is_last=True),
        Piece(_variant("Fern bodysuit", "18–24 m", "Milk", 1800), 2),
        Piece(_variant("Dune sun hat", "2T", "Rust", 1600), 0),
    )


def _hard() -> tuple[Piece, ...]:
    names = (edge.LONG_WORD, edge.RIGHT_TO_LEFT, edge.NAME)
    return tuple(
        Piece(_variant(names[n % 3], "12–18 m", edge.RIGHT_TO_LEFT, 123456), n % 3, is_last=n % 4 == 1)
        for n in range(1, MANY)
    )


def _variant(name: str, size: str, colour: str, cents: int) -> VariantFacts:
    return VariantFacts(
        id=0, sku="", product_id=0, product_slug="", name=name, size_label=size, colour_name=colour,
        price=Money(cents), compare_at=None, weight_g=0, picture=None, is_for_sale=True,
    )  # fmt: skip
