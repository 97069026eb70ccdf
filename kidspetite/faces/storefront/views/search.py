from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kidspetite.faces.edge.caching import cacheable
from kidspetite.faces.storefront import presenting
from kidspetite.faces.storefront.views.catalogue import PER_PAGE, list_context, page_number
from kidspetite.goods.catalog.types import Filters
from kidspetite.journeys.discovery import queries as discovery


@require_safe
@cacheable(tags=["catalog", "settings", "promotions"], s_maxage=60)
def results(request: HttpRequest) -> HttpResponse:
    """What was looked for. Typing errors are forgiven and said; nothing found says where to look instead."""
    filters = Filters.from_query(request.GET)
    found = discovery.search(filters.q, filters, page=page_number(request), per_page=PER_PAGE)
    context = list_context("/search", found.listing, found.listing.filters.but(q=filters.q)) | {
        "q": filters.q,
        "found": found,
        "trail": presenting.trail(None),
    }
    return render(request, "storefront/search.html", context)


@require_safe
@cacheable(tags=["catalog"], s_maxage=60)
def suggestions(request: HttpRequest) -> HttpResponse:
    """The list under the search field, as a fragment; empty below two letters."""
    q = Filters.from_query(request.GET).q
    return render(request, "storefront/suggestions.html", {"q": q, "found": discovery.suggest(q)})
