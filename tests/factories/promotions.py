"""Promotions and codes, made by the room's own commands."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

from kidspetite.goods.pricing import operations as pricing
from kidspetite.goods.pricing.models import PromoCode, Promotion

_numbers = count(1)


def a_promotion(*, percent: int | str | None = 10, name: str = "", **fields: Any) -> Promotion:
    """Per cent off everything with a code, unless said otherwise."""
    goods = {each: fields.pop(each) for each in ("products", "categories", "collections") if each in fields}
    kind = fields.pop("kind", Promotion.Kind.PERCENT)
    row = Promotion(
        name=name or f"Spring {next(_numbers)}", kind=kind, percent=None if percent is None else Decimal(percent),
        **fields,
    )  # fmt: skip
    return pricing.save_promotion(row, by="test", **goods)


def a_code(code: str = "SPRING10", *, limit: int | None = None, only_for: str = "", **promotion: Any) -> PromoCode:
    return pricing.add_code(a_promotion(**promotion), code, limit=limit, only_for=only_for, by="test")
