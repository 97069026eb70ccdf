"""The grid of a product: which sizes in which colours there are, and at what price. Saved whole, or not at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.foundation.plumbing import audit
from kidspetite.goods.catalog.errors import GridRefused
from kidspetite.goods.catalog.models import Colour, Product, Size, Variant
from kidspetite.goods.catalog.operations.ranking import refresh_rank
from kidspetite.goods.catalog.types import Cell, CellKey

HIGHEST_CENTS = 10_000_000


@transaction.atomic
def save_grid(product_id: int, cells: Mapping[CellKey, Cell], *, by: str) -> dict[CellKey, Variant]:
    """Make a product's pieces what the cells say: new ones get a SKU, ones no longer sold are kept but not for sale.

    Raises GridRefused naming every cell (`colour-size.price`) that cannot be; then nothing is changed. Locks the
    product. Gives the variants of all cells that exist afterwards.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    known = {(row.colour_id, row.size_id): row for row in product.variants.all()}
    if faults := _faults(cells):
        raise GridRefused(errors=tuple(faults))
    colours = Colour.objects.in_bulk({colour for colour, _size in cells})
    sizes = Size.objects.in_bulk({size for _colour, size in cells})
    taken = set(known.values())
    changed = 0
    for (colour_id, size_id), cell in cells.items():
        row = known.get((colour_id, size_id))
        if row is None and not cell.is_sold:
            continue
        if row is None:
            sku = _sku(product, list(taken), colours[colour_id], sizes[size_id])
            row = Variant(product=product, size_id=size_id, colour_id=colour_id, sku=sku, weight_g=_weight(taken))
        wanted = (cell.price_minor, cell.compare_at_minor, cell.is_sold)
        if row.pk is None or (row.price_minor, row.compare_at_minor, row.is_active) != wanted:
            if cell.is_sold:
                row.price_minor, row.compare_at_minor = cell.price_minor or 0, cell.compare_at_minor
            row.is_active = cell.is_sold
            row.save()
            changed += 1
        known[colour_id, size_id] = row
        taken.add(row)
    if product.status == Product.Status.ACTIVE and not any(row.is_active for row in known.values()):
        raise GridRefused(_("A product on sale needs one piece at least. Archive it first, if it is to go."))
    if changed:
        audit.record(actor=by, verb="catalog.save_grid", subject=f"product:{product.pk}", cells=changed)
        refresh_rank([product.pk])
    return known


def _faults(cells: Mapping[CellKey, Cell]) -> list[FieldError]:
    faults = []
    for (colour, size), cell in cells.items():
        if not cell.is_sold:
            continue
        name = f"{colour}-{size}"
        if cell.price_minor is None or not 0 < cell.price_minor <= HIGHEST_CENTS:
            faults.append(FieldError(f"{name}.price", _("A price above nothing, such as 18.00.")))
        elif cell.compare_at_minor is not None and not cell.price_minor < cell.compare_at_minor <= HIGHEST_CENTS:
            faults.append(FieldError(f"{name}.was", _("The earlier price must be above today's.")))
    return faults


def _sku(product: Product, siblings: Sequence[Variant], colour: Colour, size: Size) -> str:
    """Like its siblings' where they agree on a beginning, else from the product's name; never one that is taken."""
    heads = {row.sku.rsplit("-", 2)[0] for row in siblings if row.sku.count("-") >= 2}
    head = heads.pop() if len(heads) == 1 else _letters(product.slug, 8)
    stem = f"{head}-{_letters(colour.slug, 3)}-{_letters(size.key, 8)}"[:36]
    sku, number = stem, 1
    while Variant.objects.filter(sku=sku).exists():
        number += 1
        sku = f"{stem}{number}"
    return sku


def _letters(text: str, most: int) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]", "", plain.upper())[:most] or "X"


def _weight(siblings: set[Variant]) -> int:
    """A new size weighs about what the others do, until somebody weighs it."""
    weights = sorted(row.weight_g for row in siblings if row.weight_g)
    return weights[len(weights) // 2] if weights else 0
