from __future__ import annotations

from kidspetite.foundation.plumbing.publishing import on
from kidspetite.goods.catalog.events import CatalogChanged
from kidspetite.journeys.discovery import operations


@on(CatalogChanged)
def learn_words(event: CatalogChanged) -> None:
    operations.learn_words(event.product_ids)
