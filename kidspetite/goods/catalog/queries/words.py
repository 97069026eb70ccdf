"""The words of the shop: its sizes, colours, drawers and collections; no query but the look at changes."""

from __future__ import annotations

from dataclasses import replace

from kidspetite.goods.catalog.queries.keeper import State, state
from kidspetite.goods.catalog.types import CategoryView, CollectionView, ColourView, SizeView


def sizes() -> tuple[SizeView, ...]:
    """All sizes along the tape."""
    return state().words.all_sizes


def colours() -> tuple[ColourView, ...]:
    return tuple(state().words.colours.values())


def categories() -> tuple[CategoryView, ...]:
    """All categories as one flat row, each with its parent and the number of styles in and below it."""
    now = state()
    memo = now.memo  # another one takes its place when goods change meanwhile
    if (known := memo.get(categories)) is None:
        known = memo[categories] = tuple(_counted(now, category) for category in now.words.categories.values())
    return known


def category_tree() -> tuple[CategoryView, ...]:
    """The roots with their children and the number of styles in each."""
    now = state()
    return tuple(_grown(now, category) for category in now.words.categories.values() if category.parent is None)


def category(slug: str) -> CategoryView | None:
    """One category with its way up, its children and counts."""
    now = state()
    found = now.words.category_by_slug.get(slug)
    return _grown(now, found) if found else None


def collections() -> tuple[CollectionView, ...]:
    now = state()
    return tuple(_with_count(now, collection) for collection in now.words.collections.values())


def collection(slug: str) -> CollectionView | None:
    now = state()
    found = now.words.collection_by_slug.get(slug)
    return _with_count(now, found) if found else None


def _grown(now: State, category: CategoryView) -> CategoryView:
    children = (child for child in now.words.categories.values() if child.parent and child.parent.id == category.id)
    return replace(_counted(now, category), children=tuple(_counted(now, child) for child in children))


def _counted(now: State, category: CategoryView) -> CategoryView:
    return replace(category, count=sum(now.shelf.count("category", below) for below in now.words.below[category.id]))


def _with_count(now: State, collection: CollectionView) -> CollectionView:
    return replace(collection, count=now.shelf.count("collection", collection.id))
