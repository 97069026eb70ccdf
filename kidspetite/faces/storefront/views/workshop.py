"""Pages of the workshop, in development only: the style guide, and the outbox with every letter."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kidspetite.foundation.notifications import queries as notifications
from kidspetite.foundation.ui import samples


def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/styleguide.html", samples.context())


def outbox(request: HttpRequest) -> HttpResponse:
    """The latest letters, newest first."""
    return render(request, "storefront/workshop/outbox.html", {"letters": notifications.latest_messages()})


def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter as its reader sees it; `?as=text` the plain one. Its styles are inline, as mails need, so the page
    gets a policy of its own that runs nothing."""
    found = notifications.message(pk)
    if found is None:
        raise Http404
    if request.GET.get("as") == "text" or not found.html:
        return HttpResponse(found.text, content_type="text/plain; charset=utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox allow-popups"
    return HttpResponse(found.html, headers={"Content-Security-Policy": policy})
