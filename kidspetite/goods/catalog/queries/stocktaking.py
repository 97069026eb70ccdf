"""Everything on sale in one statement, packed by the database: 100,000 products as some hundred strings of numbers."""

from __future__ import annotations

import sys
from array import array
from typing import Any, cast

from django.db import connection

from kidspetite.goods.catalog.rules.shelf import Stock, Value


def all_stock() -> Stock:
    """What a shelf is filled with, as the database holds it now."""
    columns: dict[str, bytes] = {}
    members: dict[Value, array[int]] = {}
    places: dict[int, array[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STOCK)
        for kind, key, packed, ranks in cursor:
            if kind == "column":
                columns[key] = packed
                continue
            value = key if kind == "season" else int(key)
            members[kind, value] = numbers("I", packed)
            if kind == "collection":
                places[cast(int, value)] = numbers("I", ranks)
    return Stock(
        ids=numbers("q", columns.get("id")),
        price=numbers("q", columns.get("price")),
        sold=numbers("q", columns.get("sold")),
        published=numbers("d", columns.get("published")),
        available=numbers("I", columns.get("available")),
        members=members,
        places=places,
    )


def numbers(kind: str, packed: bytes | None) -> array[Any]:
    """The database sends the most significant byte first."""
    numbers: array[Any] = array(kind, packed or b"")
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


# `place` counts the products on sale from 0. The aggregates take the rows as they come: in the order of `goods`.
_STOCK = """
WITH goods AS MATERIALIZED (
    SELECT (row_number() OVER (ORDER BY id) - 1)::int4 AS place, id, category_id, piece_keys, season, is_available,
           price_from_minor, sold::int8, extract(epoch FROM coalesce(published_at, created_at))::float8 AS published
      FROM catalog_product
     WHERE status = 'active' AND (published_at IS NULL OR published_at <= statement_timestamp())
     ORDER BY id)
SELECT 'column', c.name, c.packed, NULL::bytea
  FROM (SELECT string_agg(int8send(id), '') AS id, string_agg(int8send(price_from_minor), '') AS price,
               string_agg(int8send(sold), '') AS sold, string_agg(float8send(published), '') AS published,
               string_agg(int4send(place), '') FILTER (WHERE is_available) AS available FROM goods) AS g
 CROSS JOIN LATERAL (VALUES ('id', g.id), ('price', g.price), ('sold', g.sold), ('published', g.published),
                            ('available', g.available)) AS c(name, packed)
UNION ALL
SELECT 'category', category_id::text, string_agg(int4send(place), ''), NULL FROM goods GROUP BY category_id
UNION ALL
SELECT 'season', season, string_agg(int4send(place), ''), NULL FROM goods GROUP BY season
UNION ALL
SELECT 'piece', piece::text, string_agg(int4send(place), ''), NULL FROM goods, unnest(piece_keys) AS piece
 GROUP BY piece
UNION ALL
SELECT 'collection', i.collection_id::text, string_agg(int4send(g.place), '' ORDER BY g.place),
       string_agg(int4send(i.position), '' ORDER BY g.place)
  FROM goods AS g JOIN catalog_collectionitem AS i ON i.product_id = g.id GROUP BY i.collection_id
"""
