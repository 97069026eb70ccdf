from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from kidspetite.faces.api import shapes
from kidspetite.faces.api.documents import collection_document, listing_document, product_document
from kidspetite.faces.api.errors import NoSuchCollection, NoSuchProduct
from kidspetite.faces.api.refusals import refusals
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.types import Filters
from kidspetite.goods.inventory import queries as inventory

router = Router(tags=["Goods"])

Page = Annotated[int, Query(1, ge=1, le=100_000)]
PerPage = Annotated[int, Query(24, ge=1, le=100)]
FILTERS = [
    {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": "string"}}
    for name, text in (
        ("category", "slug of a category; what lies below it counts too"),
        ("collection", "slug of a collection"),
        ("size", "keys of sizes, separated by commas"),
        ("colour", "slugs of colours, separated by commas"),
        ("season", "spring, summer, fall or winter, separated by commas"),
        ("price", "a range in dollars, such as 15-25 or -20"),
        ("in_stock", "1: only what can be bought now"),
        ("sort", "featured, newest, price, -price or bestselling"),
    )
]


@router.get(
    "products",
    response={200: shapes.ProductList, **refusals(422)},
    summary="List products",
    openapi_extra={"parameters": FILTERS},
)
def list_products(request: HttpRequest, page: Page, per_page: PerPage) -> Any:
    """Products on sale, filtered as in the shop's lists. Values that no filter knows are ignored; a page beyond the
    last gives the last."""
    return listing_document(catalog.listing(Filters.from_query(request.GET), page, per_page))


@router.get("products/{slug}", response={200: shapes.ProductOut, **refusals(404)}, summary="Show a product")
def show_product(request: HttpRequest, slug: str) -> Any:
    """One product with its variants; `available` is what can be put into a basket at this moment."""
    product = catalog.product_page(slug)
    if product is None:
        raise NoSuchProduct()
    return product_document(product, inventory.available_pieces([piece.id for piece in product.pieces]))


@router.get("collections", response={200: shapes.CollectionList, **refusals()}, summary="List collections")
def list_collections(request: HttpRequest) -> Any:
    return {"items": [collection_document(collection) for collection in catalog.collections()]}


@router.get(
    "collections/{slug}", response={200: shapes.CollectionOut, **refusals(404, 422)}, summary="Show a collection"
)
def show_collection(request: HttpRequest, slug: str, page: Page, per_page: PerPage) -> Any:
    """A collection and one page of its products."""
    collection = catalog.collection(slug)
    if collection is None:
        raise NoSuchCollection()
    found = catalog.listing(Filters(collection=collection.slug), page, per_page)
    return collection_document(collection) | {"products": listing_document(found)}
