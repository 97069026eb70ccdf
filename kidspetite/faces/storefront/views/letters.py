"""Letters that people choose: asked for under every page, confirmed from the mailbox, ended with one click."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from kidspetite.faces.storefront.forms import Typed
from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import rules
from kidspetite.foundation.notifications.errors import NotAnAddress


def newsletter(request: HttpRequest) -> HttpResponse:
    """Ask for our letters. Whoever owns the mailbox decides; the answer here is the same for a known address."""
    typed = {"email": request.POST.get("email", "")}
    if request.method != "POST":
        return render(request, "storefront/newsletter.html", {"form": Typed(typed)})
    if request.POST.get("website"):  # a field people do not see; machines fill it in
        return redirect("newsletter-asked")
    try:
        accounts.ask_for_newsletter(typed["email"], source="footer")
    except NotAnAddress as error:
        form = Typed(typed, (FieldError("email", error.message),))
        return render(request, "storefront/newsletter.html", {"form": form}, status=422)
    return redirect("newsletter-asked")


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/newsletter_asked.html")


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. A button gives the consent, for mail programs follow links by themselves."""
    wish = rules.wish_of(token, salt=rules.GIVES)
    if request.method == "POST":
        notifications.give_consent(token)
    return render(request, "storefront/newsletter_confirm.html", {"wish": wish, "is_done": request.method == "POST"})


def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The link at a letter's foot, and the door for a mail program's own button (RFC 8058), which only posts."""
    wish = rules.wish_of(token, salt=rules.ENDS)
    if request.method == "POST":
        notifications.end_consent(token)
    return render(request, "storefront/unsubscribe.html", {"wish": wish, "is_done": request.method == "POST"})
