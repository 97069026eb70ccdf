"""A big catalogue for trying how the shop bears it: every style again in other cuts of sizes, colours and prices.

All of it is made by the database from the demo styles, so that 100,000 styles take minutes. A variation comes only in
colours its style is drawn in, and shares those pictures; it says so in its description.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import connection, transaction

from kidspetite.faces.console.demo.catalogue import Catalogue
from kidspetite.faces.console.demo.wares import Product as Style
from kidspetite.faces.console.seeding.progress import Bars, Lines, Silence
from kidspetite.foundation.kernel import clock
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.models import Product
from kidspetite.goods.inventory.rules import band_of
from kidspetite.journeys.discovery import operations as discovery

AT_ONCE = 5_000
MOST_PIECES = 40
STRIDE = 7_919  # a prime, so that neighbours in number are none in name
ROUNDS = ("", "Old", "New", "Upper", "Far", "Quiet", "Second", "Hidden")
FIRST = (
    "Acorn", "Almanac", "Anchor", "April", "Attic", "August", "Autumn", "Balcony", "Barley", "Basket", "Beacon",
    "Bellows", "Birch", "Biscuit", "Bobbin", "Bramble", "Breakfast", "Brick", "Bridge", "Bucket", "Button", "Canal",
    "Candle", "Canvas", "Carousel", "Cellar", "Chalk", "Chestnut", "Chimney", "Cinder", "Cloud", "Cobble",
    "Compass", "Copper", "Corner", "Cotton", "Cricket", "Crossing", "Curtain", "Daisy", "Dandelion", "December",
    "Dock", "Doorstep", "Drum", "Dune", "Early", "Elder", "Ember", "Evening", "Feather", "February", "Fennel",
    "Fiddle", "First", "Flagstone", "Flour", "Forest", "Fountain", "Frost", "Garden", "Gate", "Ginger",
    "Glasshouse", "Granary", "Gravel", "Half past", "Hammock", "Hazel", "Hedge", "Honey", "Humble", "Ivy",
    "January", "Jetty", "July", "Juniper", "Kettle", "Kitchen", "Kite", "Ladder", "Lantern", "Larch", "Lavender",
    "Linen", "Little", "Lower", "Lunch", "Maple", "March", "Meadow", "Midsummer", "Mill", "Monday", "Morning",
    "Moth", "Nettle", "Noon", "Northern", "Oat", "October", "Orchard", "Outer", "Paper", "Parade", "Parsley",
    "Pebble", "Pepper",
)  # fmt: skip
SECOND = (
    "alley", "arch", "bakery", "bay", "bell", "bend", "bench", "boat", "bonfire", "brook", "bus stop", "cabin",
    "cart", "chair", "clock", "cove", "creek", "crossing", "den", "ditch", "dog", "door", "drawer", "echo",
    "errand", "faucet", "fence", "ferry", "field", "fort", "gable", "gallop", "gap", "glade", "grove", "hall",
    "harbor", "hatch", "haul", "hill", "hollow", "hook", "hour", "island", "jar", "journey", "knot", "lake",
    "landing", "lane", "latch", "lawn", "ledge", "library", "lock", "loft", "loop", "mail", "market", "mile",
    "mirror", "nest", "nook", "notebook", "oar", "orchard", "owl", "pantry", "parade", "park", "path", "peg",
    "picnic", "pier", "pond", "porch", "puddle", "quay", "quilt", "rain", "ramp", "ridge", "ring", "river", "road",
    "roof", "rope", "rowboat", "sail", "school", "seesaw", "shed", "shelf", "shore", "sky", "slope", "song",
    "spoon", "spring", "square", "stair", "step", "stile", "story", "street", "swing", "table", "tent", "terrace",
    "tide", "tower", "trail", "tram", "tree", "tunnel", "valley", "walk", "wall", "wave", "wharf", "whistle",
    "window",
)  # fmt: skip


def make_variations(demo: Catalogue, *, count: int, seed: int, teller: Bars | Lines | Silence) -> int:
    """Variations until there are `count` demo products; returns how many are new."""
    there = set(Product.objects.filter(is_demo=True).values_list("slug", flat=True))
    missing = count - len(there)
    if missing <= 0:
        return 0
    _take_your_time()
    with teller.step("Making variations", missing) as advance:
        batch: list[tuple[object, ...]] = []
        for row in _variations(demo.products, there, missing, seed):
            batch.append(row)
            if len(batch) == AT_ONCE:
                _make(batch, seed)
                advance(len(batch))
                batch = []
        if batch:
            _make(batch, seed)
            advance(len(batch))
    with teller.step("Learning their words", missing) as advance:
        catalog.publish_everything()
        discovery.count_words()
        _tidy()
        advance(missing)
    return missing


def _variations(styles: Sequence[Style], there: set[str], count: int, seed: int) -> Iterator[tuple[object, ...]]:
    """(base slug, slug, name, code, colours, sizes, price factor in per cent, former price or none, day) of each."""
    number = made = 0
    named = Counter[str]()
    while made < count:
        style = styles[number % len(styles)]
        thing = _thing(style)
        name = _name(thing, named[thing])
        named[thing] += 1
        slug = name.lower().replace(" ", "-")
        code = f"{style.code}{number:05d}"
        number += 1
        if slug in there:
            continue
        chance = random.Random(f"{seed}:variation:{slug}")
        colours = chance.sample([c.colour for c in style.colours], k=min(len(style.colours), chance.choice((1, 2, 2))))
        widest = min(len(style.sizes), 6)
        width = chance.randint(min(3, widest), widest)
        start = chance.randint(0, len(style.sizes) - width)
        day = clock.now() - timedelta(days=chance.triangular(3, 900, 200))
        was = chance.choice((15, 25, 40)) if chance.random() < 0.1 else None
        yield (style.slug, slug, name, code, colours, list(style.sizes[start : start + width]),
               chance.randint(85, 140), was, day)  # fmt: skip
        made += 1


def _thing(style: Style) -> str:
    """What it is, and of what: "wool cardigan"."""
    noun = style.name.split()[-1].lower()
    return noun if style.fabric == "jersey" else f"{style.fabric.value} {noun}"


def _name(thing: str, number: int) -> str:
    """A name of its own: two words from the neighbourhood, and what it is. No two numbers give the same."""
    round_, place = divmod(number, len(FIRST) * len(SECOND))
    pair = (place * STRIDE + len(thing) * 131) % (len(FIRST) * len(SECOND))
    part = f"{FIRST[pair % len(FIRST)]} {SECOND[pair // len(FIRST)]} {thing}"
    return f"{ROUNDS[round_]} {part[0].lower()}{part[1:]}" if round_ else part


@transaction.atomic
def _make(batch: list[tuple[object, ...]], seed: int) -> None:
    catalog.note_everything_once()
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy(
            "COPY variation (base, slug, name, code, colours, sizes, percent, was, day) FROM STDIN"
        ) as copy:
            for row in batch:
                copy.write_row(row)
        cursor.execute(_PRODUCTS)
        ids = [row[0] for row in cursor.fetchall()]
        bands = [band_of(pieces).value for pieces in range(MOST_PIECES + 1)]
        cursor.execute(_VARIANTS, {"seed": str(seed), "bands": bands, "most": MOST_PIECES + 1})
        # The same rows that receiving stock writes: a shelf a variant, and the movement that filled it.
        cursor.execute(_STOCK)
        cursor.execute(_PHOTOS)
        cursor.execute("DROP TABLE variation, piece")
    catalog.rank_many(ids)


def _take_your_time() -> None:
    """What is meant to keep pages quick would cut a bulk load short."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")


def _tidy() -> None:
    """Let the planner know what it has to do with now; outside a transaction, as VACUUM wants it."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        for table in ("catalog_product", "catalog_variant", "catalog_productphoto", "inventory_stocklevel"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")


_TABLE = """
CREATE TEMPORARY TABLE variation (base text, slug text, name text, code text, colours text[], sizes text[], percent int,
    was int, day timestamptz, id bigint);
CREATE TEMPORARY TABLE piece (variant_id bigint, on_hand int);
"""
_PRODUCTS = """
WITH made AS (
    INSERT INTO catalog_product (slug, name, summary, description, category_id, status, published_at, announced_at,
        garment, fabric, season, facts, fibre, care, safety, origin, size_note, updated_at, is_demo, price_from_minor,
        price_to_minor, size_ids, colour_ids, piece_keys, band, is_available, sold, search_text)
    SELECT n.slug, n.name, b.summary,
           b.description || E'\\n\\nCut like the ' || b.name || ', which also lent its pictures.',
           b.category_id, 'active', n.day, n.day, b.garment, b.fabric, b.season, b.facts, b.fibre, b.care, b.safety,
           b.origin, b.size_note, now(), true, 0, 0, '{}', '{}', '{}', 'sold_out', false, 0, ''
      FROM variation AS n JOIN catalog_product AS b ON b.slug = n.base
    RETURNING id, slug)
UPDATE variation AS n SET id = made.id FROM made WHERE made.slug = n.slug RETURNING n.id
"""
_VARIANTS = """
WITH cut AS (
    SELECT n.id AS product_id, n.code || substr(v.sku, strpos(v.sku, '-')) AS sku, v.size_id, v.colour_id, v.weight_g,
           v.cover_id, greatest(500, (v.price_minor * n.percent / 10000) * 100) AS price, n.was,
           abs(hashtext(n.code || v.sku || %(seed)s)) AS chance
      FROM variation AS n
      JOIN catalog_product AS b ON b.slug = n.base
      JOIN catalog_variant AS v ON v.product_id = b.id
      JOIN catalog_colour AS c ON c.id = v.colour_id AND c.slug = ANY(n.colours)
      JOIN catalog_size AS s ON s.id = v.size_id AND s.key = ANY(n.sizes)),
counted AS (SELECT *, CASE WHEN chance %% 11 = 0 THEN 0 ELSE chance / 11 %% %(most)s END AS on_hand FROM cut),
made AS (
    INSERT INTO catalog_variant (product_id, sku, size_id, colour_id, price_minor, compare_at_minor, barcode, weight_g,
        cover_id, is_active, band, is_demo)
    SELECT product_id, sku, size_id, colour_id, price, price + price * was / 10000 * 100 + 100 * (was / was),
           '', weight_g, cover_id, true, (%(bands)s::text[])[on_hand + 1], true
      FROM counted
    RETURNING id, sku)
INSERT INTO piece SELECT made.id, counted.on_hand FROM made JOIN counted USING (sku)
"""
_STOCK = """
WITH levels AS (
    INSERT INTO inventory_stocklevel (variant_id, on_hand, reserved) SELECT variant_id, on_hand, 0 FROM piece
    RETURNING id, on_hand)
INSERT INTO inventory_movement (level_id, kind, quantity, reason, cause, actor, at)
SELECT id, 'received', on_hand, 'Opening stock', '', 'job:seed', now() FROM levels WHERE on_hand > 0
"""
_PHOTOS = """
INSERT INTO catalog_productphoto (product_id, colour_id, picture_id, view, position)
SELECT n.id, f.colour_id, f.picture_id, f.view, f.position
  FROM variation AS n
  JOIN catalog_product AS b ON b.slug = n.base
  JOIN catalog_productphoto AS f ON f.product_id = b.id
  JOIN catalog_colour AS c ON c.id = f.colour_id AND c.slug = ANY(n.colours)
"""
