"""Who carries a word once some goods have other words: asked again of these goods alone, so nothing is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from kidspetite.foundation.plumbing.recipes import ask_kept

if TYPE_CHECKING:
    from kidspetite.goods.catalog.queries.keeper import Carriers
    from kidspetite.goods.catalog.rules.shelf import Shelf

# Of so many products every word that a process knows is asked again in some 20 ms; of more it had better forget.
MOST_REWORDED = 50

type Said = Mapping[str, tuple[list[int], list[int], list[int]]]


def said_of(product_ids: Collection[int], forms: Collection[str]) -> Said:
    """Of each form that one of these products carries: who does in the name, in what it is, anywhere."""
    told = list(forms)
    queries = [" <-> ".join(form.split()) for form in told]
    named = [" <-> ".join(f"{part}:A" for part in form.split()) for form in told]
    rows = ask_kept(_SAID, [list(product_ids), told, queries, named])
    return {form: (in_name or [], in_being or [], anywhere) for form, in_name, in_being, anywhere in rows}


def reworded(
    shelf: Shelf, known: Iterable[tuple[str, Carriers]], product_ids: Collection[int], said: Said
) -> dict[str, Carriers]:
    """The same words with who carries them now: of these products what was `said`, of all others what is known. The
    shelf has a place for each of them that is on sale. Words that shared their sets still do."""
    touched = shelf.set_of(product_ids)
    made: dict[tuple[int, tuple[int, ...]], Carriers] = {}
    found = {}
    for form, before in known:
        if not (hits := said.get(form)) and not before.anywhere & touched:
            found[form] = before
            continue
        now = tuple(shelf.set_of(ids) for ids in hits) if hits else (0, 0, 0)
        key = id(before), now
        if key not in made:
            made[key] = _joined(before, touched, now)
        found[form] = made[key]
    return found


def _joined(before: Carriers, touched: int, now: tuple[int, ...]) -> Carriers:
    """Each holds the one before, and where two are equal they are one."""
    named, being, anywhere = (bits & ~touched | hits for bits, hits in zip(before.sets, now, strict=True))
    being = anywhere if being == anywhere else being
    return before._replace(named=being if named == being else named, being=being, anywhere=anywhere)


# The goods are taken first, whatever the plan: looking a common word up in the index would read thousands of others.
_SAID = """
WITH goods AS MATERIALIZED (SELECT id, words, being FROM catalog_product WHERE id = ANY(%s::bigint[])),
     asked AS MATERIALIZED (
        SELECT form, to_tsquery('english', query) AS query, to_tsquery('english', named) AS named
          FROM unnest(%s::text[], %s::text[], %s::text[]) AS asked(form, query, named))
SELECT a.form, array_agg(g.id) FILTER (WHERE g.being @@ a.named), array_agg(g.id) FILTER (WHERE g.being @@ a.query),
       array_agg(g.id)
  FROM asked AS a JOIN goods AS g ON g.words @@ a.query
 GROUP BY a.form
"""
