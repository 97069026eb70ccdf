from __future__ import annotations

from urllib.parse import quote_plus

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.html import escape
from django.views.decorators.http import require_safe

from kidspetite.faces.edge.caching import cacheable
from kidspetite.faces.storefront import presenting
from kidspetite.faces.storefront.views.catalogue import PER_PAGE, list_context, page_number
from kidspetite.goods.catalog.types import Filters, words_of
from kidspetite.journeys.discovery import queries as discovery

# Stands for the words in the addresses of a page while it is written: a sign of no alphabet. So what is the same for
# every query is the same, and was drawn before.
STAND_IN = "\ue000"


@require_safe
@cacheable(tags=["catalog", "settings", "promotions"], s_maxage=60)
def results(request: HttpRequest) -> HttpResponse:
    """What was looked for. Typing errors are forgiven and said; nothing found says where to look instead."""
    filters = Filters.from_query(request.GET)
    spelt = STAND_IN if filters.q else ""
    found = discovery.search(filters.q, filters, page=page_number(request), per_page=PER_PAGE, spelt=spelt)
    context = list_context("/search", found.listing, found.listing.filters) | {
        "q": filters.q,
        "found": found,
        "trail": presenting.trail(None),
    }
    page = get_template("storefront/search.html").render(context, request)
    return HttpResponse(page.replace(quote_plus(STAND_IN), quote_plus(filters.q)).replace(STAND_IN, escape(filters.q)))


@require_safe
@cacheable(tags=["catalog"], s_maxage=60)
def suggestions(request: HttpRequest) -> HttpResponse:
    """The list under the search field, as a fragment; empty below two letters. It shows nothing of the frame, so what
    every page may name is not gathered."""
    found = discovery.suggest(words_of(request.GET))
    return HttpResponse(get_template("storefront/suggestions.html").render({"found": found}))
