"""The catalogue's pages: the same bytes for everybody, so nothing here may look at who is asking."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kidspetite.faces.edge.caching import cacheable
from kidspetite.faces.storefront import presenting, product_sheet, promoting
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.types import CategoryView, Filters, Listing, ProductView

PER_PAGE = 24
SHARED_SECONDS = 300
LONGEST_KEPT = 300


@require_safe
@cacheable(tags=["catalog", "settings", "promotions"], s_maxage=SHARED_SECONDS)
def home(request: HttpRequest) -> HttpResponse:
    view = catalog.home()
    newest, *rows = promoting.on_rows([view.newest, *(row.cards for row in view.collections)])
    collections = tuple([replace(row, cards=cards) for row, cards in zip(view.collections, rows, strict=True)])
    context = {
        "home": replace(view, collections=collections, newest=newest),
        "tape": presenting.tape(view.sizes),
        "canonical_url": f"{settings.BASE_URL}/",
    }
    return render(request, "storefront/home.html", context)


@require_safe
@cacheable(tags=["catalog", "settings", "promotions"], s_maxage=SHARED_SECONDS)
def products(request: HttpRequest) -> HttpResponse:
    return _list(request, "/products", _filters(request), title=_("All clothes"))


@require_safe
@cacheable(tags=["settings", "promotions"], s_maxage=SHARED_SECONDS)
def category(request: HttpRequest, slug: str) -> HttpResponse:
    branch = catalog.category(slug)
    if branch is None:
        raise Http404
    filters = _filters(request).but(category=slug, collection="")
    response = _list(request, branch.url, filters, title=branch.name, lead=branch.description, category=branch)
    response["Cache-Tag"] = f"category:{slug}"
    return response


@require_safe
@cacheable(tags=["settings", "promotions"], s_maxage=SHARED_SECONDS)
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    chosen = catalog.collection(slug)
    if chosen is None:
        raise Http404
    filters = _filters(request).but(collection=slug)
    response = _list(request, chosen.url, filters, title=chosen.title, lead=chosen.description)
    response["Cache-Tag"] = f"collection:{slug}"
    return response


@require_safe
@cacheable(tags=["settings", "promotions"], s_maxage=SHARED_SECONDS)
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One style. `?variant=SKU` opens that size and colour, `?colour=slug` a colour; unknown ones are let be."""
    found = catalog.product_page(slug)
    if found is None:
        raise Http404
    named = found.piece(sku) if (sku := request.GET.get("variant", "")) else None
    asked = request.GET.get("colour", "")
    piece = named or found.first_piece(asked if asked and found.pieces_in(asked) else "")
    related = promoting.on_cards(catalog.similar(found.id, found.category.slug, limit=4))
    context = {
        "product": found,
        "sheet": product_sheet.written(found, piece, named, product_sheet.said_of(found)),
        "related": related,
        "canonical_url": settings.BASE_URL + found.url,
        "share_picture": _share_picture(found),
        "og_type": "product",
    }
    response = render(request, "storefront/product.html", context)
    response["Cache-Tag"] = ",".join(f"product:{key}" for key in (found.id, *(card.key for card in related)))
    return response


@require_safe
@cacheable(tags=["catalog", "settings", "promotions"], s_maxage=SHARED_SECONDS)
def size_guide(request: HttpRequest) -> HttpResponse:
    groups: dict[str, list[Any]] = {}
    for size in catalog.sizes():
        groups.setdefault(size.group, []).append((size, presenting.fits(size)))
    context = {"groups": groups, "canonical_url": f"{settings.BASE_URL}/size-guide"}
    return render(request, "storefront/size_guide.html", context)


def list_context(path: str, listing: Listing, filters: Filters) -> dict[str, Any]:
    """What every list shows, wherever its products come from. `filters` are those that the path does not say itself."""
    return {
        "listing": replace(listing, cards=promoting.on_cards(listing.cards)),
        "path": path,
        "filters": filters,
        "chips": presenting.chips(path, listing),
        "clear": presenting.address(path, Filters(q=filters.q, sort=filters.sort)),
        "page_address": presenting.page_address(path, filters),
        "tape": presenting.tape(catalog.sizes(), path=path, filters=filters),
        "sorts": presenting.sorts(path, filters),
    }


def page_number(request: HttpRequest) -> int:
    """The page asked for; anything that is no believable number is the first."""
    return _believable(request.GET.get("page", "1"))


def _believable(page: str) -> int:
    return int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1


def _filters(request: HttpRequest) -> Filters:
    return _asked(request)[0]


def _asked(request: HttpRequest) -> tuple[Filters, int]:
    """The filters and the page that an address asks for. Lists link to the same addresses again and again, so what one
    of them says is kept."""
    query = request.META.get("QUERY_STRING", "")
    return (_read_before if len(query) <= LONGEST_KEPT else _read)(query)


def _read(query: str) -> tuple[Filters, int]:
    given = QueryDict(query.encode("iso-8859-1"))  # as WSGI spells bytes
    return Filters.from_query(given), _believable(given.get("page", "1"))


_read_before = lru_cache(maxsize=1024)(_read)


def _list(
    request: HttpRequest,
    path: str,
    filters: Filters,
    *,
    title: str,
    lead: str = "",
    category: CategoryView | None = None,
) -> HttpResponse:
    number = _asked(request)[1]
    listing = catalog.listing(filters, page=number, per_page=PER_PAGE)
    here = _within(path, listing.filters)
    if number != listing.page:
        return redirect(presenting.address(path, here, page=listing.page))
    context = list_context(path, listing, here) | {
        "title": title,
        "lead": lead,
        "branches": category.children if category else (),
        "trail": presenting.trail(category) if category else presenting.trail(None, title),
        "canonical_url": settings.BASE_URL + presenting.address(path, here, page=listing.page),
    }
    return render(request, "storefront/list.html", context)


def _within(path: str, filters: Filters) -> Filters:
    """The filters less what the path itself says."""
    if path.startswith("/category/"):
        return filters.but(category="")
    return filters.but(collection="") if path.startswith("/collection/") else filters


def _share_picture(product: ProductView) -> str:
    return urljoin(settings.BASE_URL, product.photos[0].picture.src) if product.photos else ""
