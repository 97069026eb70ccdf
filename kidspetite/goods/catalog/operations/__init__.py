"""The only writers of the catalogue: what staff change, and the numbers that lists rank by."""

from kidspetite.goods.catalog.operations.demo import forget_demo_goods
from kidspetite.goods.catalog.operations.goods import archive_product, save_product
from kidspetite.goods.catalog.operations.grid import save_grid
from kidspetite.goods.catalog.operations.photos import add_photo, arrange_photo, take_photo_away
from kidspetite.goods.catalog.operations.ranking import (
    announce_due,
    forget_notes,
    note_bands,
    note_everything_once,
    note_sold,
    publish_change,
    publish_everything,
    rank_many,
    refresh_rank,
)

__all__ = [
    "add_photo", "announce_due", "archive_product", "arrange_photo", "forget_demo_goods", "forget_notes",
    "note_bands", "note_everything_once", "note_sold", "publish_change", "publish_everything", "rank_many",
    "refresh_rank", "save_grid", "save_product", "take_photo_away",
]  # fmt: skip
