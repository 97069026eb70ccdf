"""The demo catalogue, read from the TOML files beside this module and checked as a whole."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kidspetite.faces.console.demo.rows import DemoDataError, check_unique, known, read_rows
from kidspetite.faces.console.demo.wares import Category, Collection, Colour, LabelNote, Product, Size
from kidspetite.foundation.media.drawing.types import Fabric, Garment, Pattern

FOLDER = Path(__file__).parent

# The last body size that the US sleepwear rule leaves untested (labeled nine months and smaller).
_INFANT_SLEEPWEAR = ("nb", "1m", "3m", "6m")
_SLEEPWEAR = (Garment.SLEEPSUIT, Garment.PAJAMAS, Garment.SLEEP_SACK)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the demo shop sells, each part in the order its file tells."""

    sizes: tuple[Size, ...]
    colours: tuple[Colour, ...]
    categories: tuple[Category, ...]
    care: tuple[LabelNote, ...]
    safety: tuple[LabelNote, ...]
    products: tuple[Product, ...]
    collections: tuple[Collection, ...]

    def safety_text(self, product: Product) -> str:
        """The safety notes of a product in words, as its care label prints them."""
        notes = {note.code: note.text for note in self.safety}
        return " ".join(notes[code] for code in product.safety)

    @property
    def home_collections(self) -> tuple[Collection, ...]:
        """The collections of the home page, first row first."""
        return tuple(sorted((c for c in self.collections if c.home_order), key=lambda c: c.home_order or 0))


def load_catalogue(folder: Path = FOLDER) -> Catalogue:
    """Read and check every catalogue file. Refuses the first row that cannot be true, with file, row and reason."""
    sizes = read_rows(folder / "sizes.toml", "size", Size)
    product_files = sorted(folder.glob("products-*.toml"))
    if not product_files:
        raise DemoDataError(f"{folder}: no products-*.toml file")
    products = [product for path in product_files for product in read_rows(path, "product", Product)]
    catalogue = Catalogue(
        sizes=sizes,
        colours=read_rows(folder / "colours.toml", "colour", Colour),
        categories=read_rows(folder / "categories.toml", "category", Category),
        care=read_rows(folder / "care.toml", "care", LabelNote),
        safety=read_rows(folder / "safety.toml", "safety", LabelNote),
        products=tuple(replace(product, sizes=_spelled_out(product, sizes)) for product in products),
        collections=read_rows(folder / "collections.toml", "collection", Collection),
    )
    _check_keys(catalogue)
    _check_sizes(catalogue)
    _check_categories(catalogue)
    for product in catalogue.products:
        _check_product(product, catalogue)
    _check_collections(catalogue)
    return catalogue


def shopper_texts(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Every text a shopper reads, as (where it stands, text)."""
    for product in catalogue.products:
        for text in (product.summary, product.description, product.size_note, *product.facts):
            yield product.slug, text
    for category in catalogue.categories:
        yield category.slug, category.sentence
    for collection in catalogue.collections:
        yield collection.slug, collection.sentence


def _spelled_out(product: Product, sizes: Iterable[Size]) -> tuple[str, ...]:
    """The size keys of a product, with `nb..24m` spelled out along the tape."""
    tape = {size.key: size for size in sizes}
    keys: list[str] = []
    for entry in product.sizes:
        first, _, last = entry.partition("..")
        ends = [known(key, tape, f"product {product.slug}, sizes") for key in (first, last or first)]
        if ends[0].group is not ends[1].group or ends[0].order > ends[1].order:
            raise DemoDataError(f"product {product.slug}, sizes: {entry!r} does not run up one tape")
        keys += [s.key for s in sizes if s.group is ends[0].group and ends[0].order <= s.order <= ends[1].order]
    check_unique(f"product {product.slug}, sizes", keys)
    return tuple(sorted(keys, key=lambda key: tape[key].order))


def _check_keys(catalogue: Catalogue) -> None:
    check_unique("sizes.toml, key", (size.key for size in catalogue.sizes))
    check_unique("sizes.toml, order", (str(size.order) for size in catalogue.sizes))
    check_unique("colours.toml, key", (colour.key for colour in catalogue.colours))
    check_unique("categories.toml, slug", (category.slug for category in catalogue.categories))
    check_unique("care.toml, code", (note.code for note in catalogue.care))
    check_unique("safety.toml, code", (note.code for note in catalogue.safety))
    check_unique("products, slug", (product.slug for product in catalogue.products))
    check_unique("products, name", (product.name for product in catalogue.products))
    check_unique("products, code", (product.code for product in catalogue.products))
    check_unique("products, SKU", (variant.sku for product in catalogue.products for variant in product.variants))
    check_unique("collections.toml, slug", (collection.slug for collection in catalogue.collections))
    slugs = [category.slug for category in catalogue.categories]
    slugs += [product.slug for product in catalogue.products]
    slugs += [collection.slug for collection in catalogue.collections]
    for slug in slugs:
        if slug != slug.lower() or not slug.replace("-", "").isalnum():
            raise DemoDataError(f"slug {slug!r}: use lower-case letters, digits and hyphens")


def _check_sizes(catalogue: Catalogue) -> None:
    for size in catalogue.sizes:
        ranges: dict[str, tuple[int, int]] = {
            "age": (size.age_from_months, size.age_to_months),
            "height": (size.height_from_cm, size.height_to_cm),
            "weight": (size.weight_from_g, size.weight_to_g),
        }
        if size.measure is not None:
            ranges[size.measure] = (size.measure_from_cm or 0, size.measure_to_cm or 0)
        for what, (low, high) in ranges.items():
            if low < 0 or low >= high:
                raise DemoDataError(f"sizes.toml: size {size.key}: {what} runs from {low} to {high}")
        if not size.height_from_cm < size.height_cm <= size.height_to_cm:
            raise DemoDataError(f"sizes.toml: size {size.key}: height_cm {size.height_cm} lies outside its own range")


def _check_categories(catalogue: Catalogue) -> None:
    roots = {category.slug for category in catalogue.categories if category.parent is None}
    for category in catalogue.categories:
        if category.parent is not None and category.parent not in roots:
            raise DemoDataError(f"categories.toml: category {category.slug}: no root named {category.parent!r}")


def _check_product(product: Product, catalogue: Catalogue) -> None:
    where = f"product {product.slug}"
    colours = {colour.key: colour for colour in catalogue.colours}
    shelves = {category.slug: category for category in catalogue.categories if category.parent}
    known(product.category, shelves, f"{where}, category")
    for in_colour in product.colours:
        known(in_colour.colour, colours, f"{where}, colours")
        known(in_colour.accent, colours, f"{where}, accent")
        if in_colour.pattern is Pattern.FAIR_ISLE and product.fabric not in (Fabric.KNIT, Fabric.WOOL):
            raise DemoDataError(f"{where}: fair_isle is knitted, so not on {product.fabric}")
        if in_colour.pattern is not Pattern.PLAIN and in_colour.accent == in_colour.colour:
            raise DemoDataError(f"{where}: a {in_colour.pattern} of {in_colour.colour} on itself cannot be seen")
    check_unique(f"{where}, colours", (in_colour.colour for in_colour in product.colours))
    if not product.colours or not product.facts:
        raise DemoDataError(f"{where}: needs at least one colour and one fact")
    if (total := sum(fibre.percent for fibre in product.fibre)) != 100:
        raise DemoDataError(f"{where}: the fibres sum to {total} %, not 100 %")
    if len(product.origin) != 2 or not product.origin.isupper():
        raise DemoDataError(f"{where}: origin {product.origin!r} is no two-letter country code")
    _check_numbers(product, where)
    _check_label(product, catalogue, where)


def _check_numbers(product: Product, where: str) -> None:
    if product.price_cents <= 0 or product.weight_g <= 0:
        raise DemoDataError(f"{where}: price and weight are above zero")
    if product.compare_at_cents is not None and product.compare_at_cents <= product.price_cents:
        raise DemoDataError(f"{where}: compare_at_cents {product.compare_at_cents} is not above the price")
    pieces = {f"{variant.size}/{variant.colour}" for variant in product.variants}
    for piece, count in product.stock.items():
        if piece not in pieces:
            raise DemoDataError(f"{where}, stock: there is no piece {piece!r}")
        if count < 0:
            raise DemoDataError(f"{where}, stock: {piece} cannot hold {count}")


def _check_label(product: Product, catalogue: Catalogue, where: str) -> None:
    """Care and safety codes: known, once each, one age grade, and a flammability note where the sleepwear rule asks."""
    care = {note.code: note for note in catalogue.care}
    safety = {note.code: note for note in catalogue.safety}
    check_unique(f"{where}, care", product.care)
    care_kinds = Counter(known(code, care, f"{where}, care").kind for code in product.care)
    safety_kinds = Counter(known(code, safety, f"{where}, safety").kind for code in product.safety)
    for kind in ("wash", "bleach", "iron"):
        if care_kinds[kind] != 1:
            raise DemoDataError(f"{where}, care: needs exactly one {kind} code, has {care_kinds[kind]}")
    if not care_kinds["dry"]:
        raise DemoDataError(f"{where}, care: needs a drying code")
    if safety_kinds["age"] != 1:
        raise DemoDataError(f"{where}, safety: needs exactly one age grade, has {safety_kinds['age']}")
    if product.garment in _SLEEPWEAR and safety_kinds["flammability"] != 1:
        raise DemoDataError(f"{where}, safety: sleepwear needs exactly one flammability note")
    if "sleepwear_infant" in product.safety and (large := [s for s in product.sizes if s not in _INFANT_SLEEPWEAR]):
        raise DemoDataError(f"{where}, safety: size {large[0]} is too large for sleepwear_infant")


def _check_collections(catalogue: Catalogue) -> None:
    products = {product.slug: product for product in catalogue.products}
    for collection in catalogue.collections:
        where = f"collections.toml: collection {collection.slug}"
        for slug in collection.products:
            known(slug, products, where)
        check_unique(where, collection.products)
    check_unique("collections.toml, home_order", (str(c.home_order) for c in catalogue.collections if c.home_order))
