from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from kidspetite.journeys.discovery.models import Synonym


@transaction.atomic
def learn_words(product_ids: Iterable[int]) -> None:
    """Know the words of these products, so that mistyped ones are recognised. Counts follow at the next full count."""
    with connection.cursor() as cursor:
        cursor.execute(_LEARN.format(which="AND p.id = ANY(%s)", known="NOTHING"), [list(product_ids)])


@transaction.atomic
def count_words() -> int:
    """Learn the words of all products anew, with how many carry each, and forget those that none does."""
    with connection.cursor() as cursor:
        # Two counts at once would learn the same words in another order, and wait for each other.
        cursor.execute("LOCK TABLE discovery_term IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM discovery_term")
        cursor.execute(_LEARN.format(which="", known="UPDATE SET products = EXCLUDED.products"))
        return cursor.rowcount


@transaction.atomic
def forget_demo_words() -> int:
    """Drop the synonyms that came with the demo goods; those of the shop and of staff stay."""
    return Synonym.objects.filter(is_demo=True).delete()[0]


# Words of names, drawers, colours and cloths, and the words that people say instead.
_LEARN = """
INSERT INTO discovery_term (word, stem, products)
SELECT s.word, coalesce((ts_lexize('english_stem', s.word))[1], s.word), s.products
  FROM (SELECT word, sum(products) AS products FROM (
          SELECT w.word, count(*) AS products
            FROM catalog_product AS p
           CROSS JOIN LATERAL (SELECT DISTINCT regexp_split_to_table(p.search_text, '[^a-z0-9]+') AS word) AS w
           WHERE p.status = 'active' {which} GROUP BY w.word
          UNION ALL
          SELECT w.word, 0 FROM discovery_synonym AS y
           CROSS JOIN LATERAL (SELECT regexp_split_to_table(lower(unaccent(y.word)), '[^a-z0-9]+') AS word) AS w) AS u
         GROUP BY word) AS s
 WHERE length(s.word) BETWEEN 3 AND 40
 ORDER BY s.word
    ON CONFLICT (word) DO {known}
"""
