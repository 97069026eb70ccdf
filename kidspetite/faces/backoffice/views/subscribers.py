"""Who wants our letters: the list for whichever program writes them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kidspetite.faces.backoffice.access import allowed, page
from kidspetite.faces.backoffice.tables import csv_answer
from kidspetite.foundation.notifications import queries
from kidspetite.foundation.notifications.types import Topic, Wish

SHOWN = 50


@require_safe
@allowed("notifications.view_consent")
def subscribers(request: HttpRequest) -> HttpResponse:
    rows = queries.subscribers(Topic.NEWSLETTER)
    return page(request, "subscribers.html", {"count": rows.count(), "newest": rows.reverse()[:SHOWN]})


@require_safe
@allowed("notifications.view_consent")
def subscribers_csv(request: HttpRequest) -> HttpResponse:
    """Everybody who said yes, each with the link that ends it: whoever writes to them must put it into the letter."""
    rows = (
        (row.address, row.given_at, row.source, queries.unsubscribe_url(Wish(row.address, Topic.NEWSLETTER)))
        for row in queries.subscribers(Topic.NEWSLETTER).iterator()
    )
    return csv_answer("subscribers", ["email", "since", "source", "unsubscribe"], rows)
