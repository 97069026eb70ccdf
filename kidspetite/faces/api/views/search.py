from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from kidspetite.faces.api import shapes
from kidspetite.faces.api.documents import listing_document, suggestions_document
from kidspetite.faces.api.refusals import refusals
from kidspetite.faces.api.views.goods import FILTERS, Page, PerPage
from kidspetite.goods.catalog.types import Filters
from kidspetite.journeys.discovery import queries as discovery

router = Router(tags=["Goods"])

Words = Annotated[str, Query("", max_length=200, description="what is looked for; typing errors are forgiven")]


@router.get(
    "search",
    response={200: shapes.ProductList, **refusals(422)},
    summary="Search products",
    openapi_extra={"parameters": FILTERS},
)
def search(request: HttpRequest, q: Words, page: Page, per_page: PerPage) -> Any:
    """Products that match the words, best first, filtered as in lists."""
    filters = Filters.from_query(request.GET)
    return listing_document(discovery.search(filters.q, filters, page=page, per_page=per_page).listing)


@router.get("search/suggest", response={200: shapes.Suggestions, **refusals(422)}, summary="Suggest while typing")
def suggest(request: HttpRequest, q: Words) -> Any:
    """Up to a dozen products, categories and searches that begin like these words; none below two letters."""
    return suggestions_document(discovery.suggest(Filters.from_query(request.GET).q))
