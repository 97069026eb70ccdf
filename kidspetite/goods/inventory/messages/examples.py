"""How this room's letters look: for the desk's samples, and for pictures of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.messages import edge
from kidspetite.foundation.notifications.rules import example
from kidspetite.foundation.notifications.types import Case, Letter
from kidspetite.goods.catalog.types import VariantFacts
from kidspetite.goods.inventory import messages
from kidspetite.goods.inventory.types import ShelfAlert, ShelfState, WaitState, WaitView

MAIL = "ana@home.example"


@example("wait-confirmation")
def _wait_confirmation(case: Case) -> Letter:
    return messages.wait_confirmation(_wait(case))


@example("back-in-stock")
def _back_in_stock(case: Case) -> Letter:
    return messages.back_in_stock(_wait(case), offer=1)


@example("low-stock")
def _low_stock(case: Case) -> Letter:
    reader = User(pk=0, email=edge.MAIL if case is Case.EDGE else "team@kidspetite.example", name="Team")
    harbour = ShelfAlert(
        0, "HAR-SAG-2T", "Harbour dungarees", "2T", "Sage", on_hand=2, held=1, available=1, mark=5, sold=12, cover=5,
        state=ShelfState.LOW, waiting=0,
    )  # fmt: skip
    gone = replace(harbour, size="3T", on_hand=0, held=0, available=0, state=ShelfState.OUT, cover=0, waiting=4)
    if case is Case.EDGE:
        return messages.low_stock([replace(gone, name=edge.LONG_WORD)] * 24, reader, crossing=1)
    return messages.low_stock([gone, harbour], reader, crossing=1)


def _wait(case: Case) -> WaitView:
    is_edge = case is Case.EDGE
    piece = VariantFacts(
        id=0, sku="HAR-SAG-2T", product_id=0, product_slug="harbour-dungarees", is_for_sale=True, compare_at=None,
        name=edge.LONG_WORD if is_edge else "Harbour dungarees", size_label="2T", weight_g=240, picture=None,
        colour_name=edge.RIGHT_TO_LEFT if is_edge else "Sage", price=Money(3800),
    )  # fmt: skip
    return WaitView(
        id=0, key="MQ:1vP2hc:dGVsbCBtZQ", piece=piece, address=edge.MAIL if is_edge else MAIL, why="", taken_by="",
        free=0, state=WaitState.OFFERED, since=clock.now(), until=clock.now() + timedelta(minutes=30),
    )  # fmt: skip
