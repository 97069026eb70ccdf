"""The columns that lists read: written here when pieces, prices, pictures or words change, never while a page waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from django.db import connection, transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.foundation.plumbing.recipes import AnyOf, Given, Recipe
from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.goods.catalog.events import CatalogChanged
from kidspetite.goods.catalog.models import Band, Category, Collection, Product, ShelfChange
from kidspetite.goods.catalog.queries.keeper import keeper
from kidspetite.goods.catalog.rules.shelf import COLOUR_DIGITS

NOTES_KEPT = timedelta(hours=1)
AT_ONCE = 2_000


@transaction.atomic
def refresh_rank(product_ids: Iterable[int]) -> None:
    """Work out everything lists and search know of these products anew, and tell who shows them.

    Locks the products in primary-key order, so that two changes of one product see each other.
    """
    ids = _locked(product_ids)
    for some in _portions(ids):
        with connection.cursor() as cursor:
            cursor.execute(_COVERS, {"ids": some})
            cursor.execute(_RANK, {"ids": some, "digits": COLOUR_DIGITS})
    publish_change(ids)


def note_everything_once() -> None:
    """From here to the end of the caller's transaction products leave no notes of their own: one note, left here, says
    that all may look different. For thousands at once; `rank_many` and `publish_everything` go with it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL catalog.noted_at_once = 'on'")
        cursor.execute(
            "INSERT INTO catalog_shelfchange (product_id, transaction, is_wording)"
            " VALUES (NULL, pg_current_xact_id()::text::bigint, true)"
        )


@transaction.atomic
def rank_many(product_ids: Iterable[int]) -> None:
    """As `refresh_rank`, for products that this transaction has made and whose pieces already carry their covers: locks
    nothing, for nobody else sees them, and publishes nothing. The caller publishes once, at its end."""
    for some in _portions(sorted(product_ids)):
        with connection.cursor() as cursor:
            cursor.execute(_RANK, {"ids": some, "digits": COLOUR_DIGITS})


@transaction.atomic
def note_bands(bands: Mapping[int, Band | str]) -> None:
    """Note how the shelves of these variants look from outside, in the caller's transaction.

    Locks their products in primary-key order, after the caller's stock rows. Tells only of what really changed.
    """
    if not bands:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT product_id FROM catalog_variant WHERE id = ANY(%s)", [list(bands)])
        ids = _locked(row[0] for row in cursor.fetchall())
        cursor.execute(_BANDS, {"variants": list(bands), "bands": [str(band) for band in bands.values()]})
        changed = sorted({row[0] for row in cursor.fetchall()})
        if changed:
            cursor.execute(_SHELF, {"ids": ids, "digits": COLOUR_DIGITS})
    publish_change(changed)


@one_transaction()
def note_sold(pieces: Mapping[int, int]) -> None:
    """Add to how often products were sold (negative when they come back); never below none."""
    if not pieces:
        return
    ids = _locked(pieces)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_product AS p SET sold = greatest(0, p.sold + n.pieces)"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS n(id, pieces) WHERE p.id = n.id",
            [ids, [pieces[product] for product in ids]],
        )
    transaction.on_commit(keeper.hear)


@transaction.atomic
def announce_due() -> int:
    """Tell of every product whose day of publication has come; returns how many. Repeating it does nothing."""
    due = Product.objects.filter(status=Product.Status.ACTIVE, announced_at=None, published_at__lte=clock.now())
    ids = list(due.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    Product.objects.filter(pk__in=ids).update(announced_at=clock.now())
    publish_change(ids)
    return len(ids)


def forget_notes() -> int:
    """Drop the notes of changes that every process has long worked in; returns how many."""
    return ShelfChange.objects.filter(at__lt=clock.now() - NOTES_KEPT).delete()[0]


def publish_change(product_ids: Iterable[int]) -> None:
    """Tell which pages show these products, in the caller's transaction."""
    ids = sorted(set(product_ids))
    for some in _portions(ids):
        with connection.cursor() as cursor:
            cursor.execute(_SHOWN_ON, {"ids": some})
            products, categories, above, collections = cursor.fetchone()
        publish(
            CatalogChanged(
                product_ids=tuple(some),
                products=tuple(sorted(products or [])),
                categories=tuple(sorted({*(categories or []), *(above or [])})),
                collections=tuple(sorted(collections or [])),
            )
        )
    if ids:
        transaction.on_commit(keeper.hear)


@transaction.atomic
def publish_everything() -> None:
    """Tell that every list may look different, in one event that names no product."""
    publish(
        CatalogChanged(
            product_ids=(),
            categories=tuple(Category.objects.order_by("slug").values_list("slug", flat=True)),
            collections=tuple(Collection.objects.order_by("slug").values_list("slug", flat=True)),
        )
    )
    transaction.on_commit(keeper.hear)


def _portions(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _locked(product_ids: Iterable[int]) -> list[int]:
    return [pk for (pk,) in _UNDER_LOCK.rows(products=list(set(product_ids)))]


_UNDER_LOCK = Recipe(
    lambda: (
        Product.objects.select_for_update(no_key=True)
        .filter(AnyOf("pk", Given("products")))
        .order_by("pk")
        .values_list("pk")
    )
)


_BANDS = """
UPDATE catalog_variant AS v SET band = n.band FROM unnest(%(variants)s::bigint[], %(bands)s::text[]) AS n(id, band)
 WHERE v.id = n.id AND v.band <> n.band RETURNING v.product_id
"""

# What the pieces of a product come to.
_PIECES = """
pieces AS (
    SELECT v.product_id,
           min(v.price_minor) AS price_from, max(v.price_minor) AS price_to,
           (array_agg(v.compare_at_minor ORDER BY v.price_minor, v.id))[1] AS compare_at,
           coalesce(array_agg(DISTINCT v.size_id) FILTER (WHERE v.band IN ('in_stock', 'few')), '{}') AS sizes,
           coalesce(array_agg(DISTINCT v.colour_id) FILTER (WHERE v.band IN ('in_stock', 'few')), '{}') AS colours,
           coalesce(array_agg((v.size_id << %(digits)s) | v.colour_id ORDER BY v.size_id, v.colour_id)
                    FILTER (WHERE v.band IN ('in_stock', 'few')), '{}') AS piece_keys,
           CASE WHEN bool_or(v.band = 'in_stock') THEN 'in_stock' WHEN bool_or(v.band = 'few') THEN 'few'
                WHEN bool_or(v.band = 'held') THEN 'held' ELSE 'sold_out' END AS band
      FROM catalog_variant AS v WHERE v.product_id = ANY(%(ids)s) AND v.is_active GROUP BY v.product_id),
ranked AS (
    SELECT p.id, coalesce(n.price_from, 0) AS price_from, coalesce(n.price_to, 0) AS price_to, n.compare_at,
           coalesce(n.sizes, '{}') AS sizes, coalesce(n.colours, '{}') AS colours,
           coalesce(n.piece_keys, '{}') AS piece_keys, coalesce(n.band, 'sold_out') AS band
      FROM catalog_product AS p LEFT JOIN pieces AS n ON n.product_id = p.id WHERE p.id = ANY(%(ids)s))"""

_SHELF = f"""
WITH {_PIECES}
UPDATE catalog_product AS p
   SET price_from_minor = r.price_from, price_to_minor = r.price_to, compare_at_minor = r.compare_at,
       size_ids = r.sizes, colour_ids = r.colours, piece_keys = r.piece_keys, band = r.band,
       is_available = r.band IN ('in_stock', 'few')
  FROM ranked AS r
 WHERE p.id = r.id
   AND (p.price_from_minor, p.price_to_minor, p.compare_at_minor, p.size_ids, p.colour_ids, p.piece_keys, p.band)
       IS DISTINCT FROM (r.price_from, r.price_to, r.compare_at, r.sizes, r.colours, r.piece_keys, r.band)
"""

# The picture that stands for a piece: the front in its colour, else the first there is.
_COVERS = """
WITH best AS (
    SELECT DISTINCT ON (v.id) v.id, f.picture_id
      FROM catalog_variant AS v
      LEFT JOIN catalog_productphoto AS f ON f.product_id = v.product_id
       AND (f.colour_id = v.colour_id OR f.colour_id IS NULL)
     WHERE v.product_id = ANY(%(ids)s)
     ORDER BY v.id, f.colour_id IS NULL, f.view <> 'front', f.position, f.id)
UPDATE catalog_variant AS v SET cover_id = b.picture_id FROM best AS b
 WHERE v.id = b.id AND v.cover_id IS DISTINCT FROM b.picture_id
"""

# All that lists and search know, in one go. Short `being` lies in the row itself, so that thousands of hits are ranked
# without unpacking everything that is said of them.
_RANK = f"""
WITH {_PIECES},
said AS (
    SELECT p.id, p.name AS a,
           concat_ws(' ', c.name, a.name, replace(p.garment, '_', ' '), p.fabric, nullif(p.season, 'all'),
               (SELECT string_agg(DISTINCT k.name, ' ') FROM catalog_variant AS v
                  JOIN catalog_colour AS k ON k.id = v.colour_id
                 WHERE v.product_id = p.id AND v.is_active)) AS b,
           concat_ws(' ', p.summary, array_to_string(p.facts, ' '),
               (SELECT string_agg(f ->> 'material', ' ') FROM jsonb_array_elements(
                   CASE jsonb_typeof(p.fibre) WHEN 'array' THEN p.fibre ELSE '[]' END) AS f
                 WHERE jsonb_typeof(f) = 'object')) AS c,
           p.description AS d
      FROM catalog_product AS p
      JOIN catalog_category AS c ON c.id = p.category_id
      LEFT JOIN catalog_category AS a ON a.id = c.parent_id
     WHERE p.id = ANY(%(ids)s)),
first AS (
    SELECT DISTINCT ON (f.product_id) f.product_id, f.picture_id FROM catalog_productphoto AS f
     WHERE f.product_id = ANY(%(ids)s) ORDER BY f.product_id, f.position, f.id)
UPDATE catalog_product AS p
   SET price_from_minor = r.price_from, price_to_minor = r.price_to, compare_at_minor = r.compare_at,
       size_ids = r.sizes, colour_ids = r.colours, piece_keys = r.piece_keys, band = r.band,
       is_available = r.band IN ('in_stock', 'few'), cover_id = t.picture_id,
       search_text = lower(unaccent(concat_ws(' ', s.a, s.b))),
       being = setweight(to_tsvector('english', unaccent(s.a)), 'A')
            || setweight(to_tsvector('english', unaccent(s.b)), 'B'),
       words = to_tsvector('english', unaccent(concat_ws(' ', s.a, s.b, s.c, s.d)))
  FROM ranked AS r JOIN said AS s ON s.id = r.id LEFT JOIN first AS t ON t.product_id = r.id
 WHERE p.id = r.id
"""

_SHOWN_ON = """
SELECT array_agg(DISTINCT p.slug), array_agg(DISTINCT c.slug),
       array_agg(DISTINCT a.slug) FILTER (WHERE a.slug IS NOT NULL),
       (SELECT array_agg(DISTINCT l.slug)
          FROM catalog_collectionitem AS i JOIN catalog_collection AS l ON l.id = i.collection_id
         WHERE i.product_id = ANY(%(ids)s))
  FROM catalog_product AS p
  JOIN catalog_category AS c ON c.id = p.category_id
  LEFT JOIN catalog_category AS a ON a.id = c.parent_id
 WHERE p.id = ANY(%(ids)s)
"""
