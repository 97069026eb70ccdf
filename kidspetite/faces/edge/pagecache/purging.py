"""Tells every process which pages show something else now, with the commit that changed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection

from kidspetite.faces.edge.pagecache.store import EVERYTHING
from kidspetite.foundation.content.events import PageSaved, ShopSettingsChanged
from kidspetite.goods.catalog.events import CatalogChanged
from kidspetite.goods.pricing.events import PromotionsChanged
from kidspetite.sales.shipping.events import RatesChanged

CHANNEL = "kidspetite_pages"
# PostgreSQL takes 8,000 bytes in one note.
MOST_BYTES = 7_500


def purge(tags: Iterable[str]) -> None:
    """Drop the pages with one of these tags, in every process, when the caller's transaction commits."""
    notes = list(_notes(tags))
    if notes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, note) FROM unnest(%s::text[]) AS note", [CHANNEL, notes])


def tags_of(event: object) -> tuple[str, ...]:
    """The tags of the pages that show what an event tells of; views name the same in `Cache-Tag`."""
    match event:
        case CatalogChanged(product_ids=()):
            return (EVERYTHING,)
        case CatalogChanged():
            return (
                "catalog",
                *(f"product:{product}" for product in event.product_ids),
                *(f"category:{slug}" for slug in event.categories),
                *(f"collection:{slug}" for slug in event.collections),
            )
        case PromotionsChanged():
            return ("promotions",)
        case ShopSettingsChanged() | RatesChanged():
            return ("settings",)
        case PageSaved():
            return (f"page:{event.slug}",)
    raise LookupError(f"no pages are known to show {event!r}")


def _notes(tags: Iterable[str]) -> Iterator[str]:
    note = ""
    for tag in dict.fromkeys(tags):
        if note and len(note) + len(tag) + 1 > MOST_BYTES:
            yield note
            note = ""
        note = f"{note},{tag}" if note else tag
    if note:
        yield note
