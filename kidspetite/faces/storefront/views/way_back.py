"""From a reminder back to the basket: a page that shows it, and a button that puts it into the visitor's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kidspetite.faces.edge.shopper import cart_of, cart_to_fill, leave_hint
from kidspetite.journeys.winback import operations as winback
from kidspetite.journeys.winback import queries


@require_http_methods(["GET", "HEAD", "POST"])
def way_back(request: HttpRequest, token: str) -> HttpResponse:
    """A link followed by a machine holds no pieces: only the button does. On the device where the basket was left there
    is nothing to ask. Raises WayBackClosed."""
    left, here = queries.basket_left(token), cart_of(request)
    if here and here.pk == left.pk:
        return redirect("cart")
    if request.method != "POST":
        return render(
            request, "storefront/way_back.html", {"pieces": queries.pieces_of(left), "has_basket": bool(here)}
        )
    report = winback.put_back(cart_to_fill(request), token)
    if report.capped:
        messages.warning(request, _("Some pieces could not come over: there are no more of them."))
    return leave_hint(request, redirect("cart"))
