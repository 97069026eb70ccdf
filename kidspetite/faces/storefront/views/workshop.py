"""Pages of the workshop, in development only: the style guide, and the outbox with every letter and text."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kidspetite.foundation.kernel import ids
from kidspetite.foundation.kernel.phone import as_dialled
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.rules import said
from kidspetite.foundation.notifications.types import TextAnswer
from kidspetite.foundation.ui import samples


def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/styleguide.html", samples.context())


def outbox(request: HttpRequest) -> HttpResponse:
    """The latest letters, newest first."""
    return render(request, "storefront/workshop/outbox.html", {"letters": letters.latest_messages()})


def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter as its reader sees it; `?as=text` the plain one. Its styles are inline, as mails need, so the page
    gets a policy of its own that runs nothing."""
    found = letters.message(pk)
    if found is None:
        raise Http404
    if found.is_text and request.GET.get("as") != "text":
        return _text(request, found)
    if request.GET.get("as") == "text" or not found.html:
        return HttpResponse(found.text, content_type="text/plain; charset=utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox allow-popups"
    return HttpResponse(found.html, headers={"Content-Security-Policy": policy})


def _text(request: HttpRequest, found: Message) -> HttpResponse:
    """One text as its phone shows it, and a field to answer from that phone."""
    if request.method == "POST":
        words = request.POST.get("words", "")[:200]
        notifications.hear_answer(TextAnswer(f"outbox:{ids.token()}", found.to, said(words), words))
        return redirect("outbox")
    return render(request, "storefront/workshop/text.html", {"text": found, "number": as_dialled(found.to)})
