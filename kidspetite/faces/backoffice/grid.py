"""The grid of a product as it is typed: cells by colour and size, read, filled, and shown again as they were left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.goods.catalog.models import Colour, Product, Size, Variant
from kidspetite.goods.catalog.types import Cell, CellKey
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory.errors import BadCount, FirmHoldsExceed

REASON = "set in the grid"


@dataclass
class TypedCell:
    """One cell as the form holds it; `errors` stand beside what was typed."""

    colour: Colour
    size: Size
    sku: str = ""
    is_sold: bool = False
    price: str = ""
    was: str = ""
    stock: str = ""
    stock_before: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def key(self) -> CellKey:
        return (self.colour.pk, self.size.pk)

    @property
    def name(self) -> str:
        return f"{self.colour.pk}-{self.size.pk}"


@dataclass
class Grid:
    product: Product
    sizes: list[Size]
    rows: list[tuple[Colour, list[TypedCell]]]

    @property
    def cells(self) -> list[TypedCell]:
        return [cell for _colour, row in self.rows for cell in row]


def grid_of(product: Product, *, more_colours: set[int], more_sizes: set[int]) -> Grid:
    """What the product has, and empty cells for the colours and sizes that were added to the view."""
    known = {
        (row.colour_id, row.size_id): row
        for row in product.variants.select_related("size", "colour", "stock").order_by("pk")
    }
    colours = list(Colour.objects.filter(pk__in={key[0] for key in known} | more_colours))
    sizes = list(Size.objects.filter(pk__in={key[1] for key in known} | more_sizes))
    rows = [(colour, [_cell(colour, size, known.get((colour.pk, size.pk))) for size in sizes]) for colour in colours]
    return Grid(product, sizes, rows)


def retype(grid: Grid, typed: Mapping[str, str]) -> None:
    """Put what the form sent into the cells, as it stands."""
    for cell in grid.cells:
        cell.is_sold = typed.get(f"{cell.name}.sold") == "1"
        cell.price = typed.get(f"{cell.name}.price", "").strip()[:12]
        cell.was = typed.get(f"{cell.name}.was", "").strip()[:12]
        cell.stock = typed.get(f"{cell.name}.stock", "").strip()[:8]


def fill(grid: Grid, typed: Mapping[str, str]) -> int:
    """Write the values of the filling row into a colour, a size or everything; nothing is saved. Gives how many."""
    where = typed.get("fill_where", "all")
    filled = 0
    for cell in grid.cells:
        if where not in {"all", f"c{cell.colour.pk}", f"s{cell.size.pk}"}:
            continue
        cell.is_sold = True
        for name in ("price", "was", "stock"):
            if value := typed.get(f"fill_{name}", "").strip()[:12]:
                setattr(cell, name, value)
        filled += 1
    return filled


def read(grid: Grid) -> dict[CellKey, Cell]:
    """The cells as the catalogue takes them. What cannot be read stays beside its cell; then nothing is to be saved."""
    cells = {}
    for cell in grid.cells:
        if not cell.is_sold:
            if cell.sku:
                cells[cell.key] = Cell(is_sold=False)
            continue
        price, was = _cents(cell.price), _cents(cell.was)
        if price is None:
            cell.errors.append(_("A price above nothing, such as 18.00."))
        if cell.was and was is None:
            cell.errors.append(_("An earlier price such as 22.00, or nothing."))
        if cell.stock and not (cell.stock.isdecimal() and len(cell.stock) <= 6):
            cell.errors.append(_("A whole number of pieces."))
        cells[cell.key] = Cell(is_sold=True, price_minor=price, compare_at_minor=was if cell.was else None)
    return cells


def note(grid: Grid, faults: tuple[FieldError, ...]) -> None:
    """Put what the catalogue refused beside the cells it named."""
    by_name = {cell.name: cell for cell in grid.cells}
    for fault in faults:
        if cell := by_name.get(fault.field.partition(".")[0]):
            cell.errors.append(str(fault.message))


def count_shelves(grid: Grid, variants: Mapping[CellKey, Variant], *, by: str) -> bool:
    """Set the counts that were changed, in the caller's transaction; in the order of the variants, so that two grids
    never wait for each other. False when a shelf refused: then the cell says why, and all must be taken back."""
    changed = [
        (variants[cell.key], cell)
        for cell in grid.cells
        if cell.is_sold and cell.stock and cell.key in variants and int(cell.stock) != cell.stock_before
    ]
    for variant, cell in sorted(changed, key=lambda pair: pair[0].pk):
        try:
            inventory.set_stock(variant.pk, on_hand=int(cell.stock), reason=REASON, by=by)
        except (FirmHoldsExceed, BadCount) as error:
            cell.errors.append(str(error.message))
    return not any(cell.errors for cell in grid.cells)


def _cell(colour: Colour, size: Size, row: Variant | None) -> TypedCell:
    if row is None:
        return TypedCell(colour, size)
    level = getattr(row, "stock", None)
    on_hand = level.on_hand if level else 0
    return TypedCell(
        colour, size, sku=row.sku, is_sold=row.is_active, price=_dollars(row.price_minor),
        was=_dollars(row.compare_at_minor), stock=str(on_hand), stock_before=on_hand,
    )  # fmt: skip


def _dollars(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"


def _cents(text: str) -> int | None:
    try:
        exact = Decimal(text.replace("$", "").replace(",", "").strip() or "NaN")
    except InvalidOperation:
        return None
    if not exact.is_finite() or exact <= 0 or exact >= 10**6 or exact != exact.quantize(Decimal("0.01")):
        return None
    return int(exact * 100)
