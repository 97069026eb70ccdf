"""Pieces as baskets and orders know them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.media import queries as media
from kidspetite.foundation.plumbing.recipes import ask_kept
from kidspetite.goods.catalog.types import VariantFacts

# For statements that name a variant as `v` and its product as `p`.
IS_FOR_SALE = (
    "v.is_active AND p.status = 'active' AND (p.published_at IS NULL OR p.published_at <= statement_timestamp())"
)
# For statements that name a variant as `v`; `piece_from` reads them back.
PIECE_COLUMNS = f"""
       v.id, v.sku, p.id, p.slug, p.name, s.label, c.name, v.price_minor, v.compare_at_minor, v.weight_g,
       {IS_FOR_SALE},
       k.slug, a.slug, s.key, c.slug, v.band, {media.COLUMNS}
"""
PIECE_JOINED = """
  JOIN catalog_product AS p ON p.id = v.product_id
  JOIN catalog_size AS s ON s.id = v.size_id
  JOIN catalog_colour AS c ON c.id = v.colour_id
  JOIN catalog_category AS k ON k.id = p.category_id
  LEFT JOIN catalog_category AS a ON a.id = k.parent_id
  LEFT JOIN media_picture AS m ON m.id = coalesce(v.cover_id, p.cover_id)
"""
_PIECES = f"SELECT {PIECE_COLUMNS} FROM catalog_variant AS v {PIECE_JOINED}"

KEPT_AT_MOST = 4_000
_kept: dict[int, tuple[float, VariantFacts]] = {}


def variants_for_sale(wanted: Iterable[int | str]) -> dict[int, VariantFacts]:
    """The facts of these variants by their id, asked for by id or by SKU, in one query.

    Unknown ones are missing; one that may not be bought now is there with `is_for_sale` False.
    """
    wanted = list(wanted)
    ids = [one for one in wanted if isinstance(one, int)]
    skus = [one for one in wanted if isinstance(one, str)]
    if not wanted:
        return {}
    values: list[Any] = [ids, skus]
    where = " WHERE v.id = ANY(%s) OR v.sku = ANY(%s)"
    if not ids or not skus:  # one index is enough, and the planner then needs no thought
        where, values = (" WHERE v.id = ANY(%s)", [ids]) if ids else (" WHERE v.sku = ANY(%s)", [skus])
    return {row[0]: piece_from(row) for row in ask_kept(_PIECES + where, values)}


def facts_kept(variant_ids: Iterable[int]) -> dict[int, VariantFacts]:
    """The same by id, as it was at most FACTS_KEPT_SECONDS ago in this process: for what is shown. What is sold is
    looked up anew."""
    now, ids = time.monotonic(), list(variant_ids)
    fresh = now - settings.FACTS_KEPT_SECONDS
    found = {pk: kept[1] for pk in ids if (kept := _kept.get(pk)) and kept[0] > fresh}
    if missing := [pk for pk in ids if pk not in found]:
        asked = variants_for_sale(missing)
        if len(_kept) > KEPT_AT_MOST:
            _kept.clear()
        _kept.update({pk: (now, facts) for pk, facts in asked.items()})
        found |= asked
    return found


def piece_from(values: Sequence[Any]) -> VariantFacts:
    """A piece from the values of `PIECE_COLUMNS`."""
    return _facts(*values)


def _facts(variant_id: int, sku: str, product_id: int, slug: str, name: str, size: str, colour: str, price: int,
           compare_at: int | None, weight_g: int, is_for_sale: bool, category: str, above: str | None, size_key: str,
           colour_slug: str, band: str, *picture: Any) -> VariantFacts:  # fmt: skip
    return VariantFacts(
        id=variant_id,
        sku=sku,
        product_id=product_id,
        product_slug=slug,
        name=name,
        size_label=size,
        colour_name=colour,
        price=Money(price),
        weight_g=weight_g,
        compare_at=None if compare_at is None else Money(compare_at),
        picture=media.picture_from(picture),
        is_for_sale=is_for_sale,
        category_slugs=(category, above) if above else (category,),
        size_key=size_key,
        colour_slug=colour_slug,
        band=band,
    )
