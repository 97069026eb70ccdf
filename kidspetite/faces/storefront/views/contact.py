from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kidspetite.faces.storefront.forms import Typed
from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.kernel.errors import Invalid

FIELDS = ("name", "email", "order_number", "text")


def contact(request: HttpRequest) -> HttpResponse:
    """Write to the shop. What was typed is kept when something is missing."""
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    if request.method != "POST":
        typed["order_number"] = request.GET.get("order", "")[:20]
        return render(request, "storefront/contact.html", {"form": Typed(typed)})
    if request.POST.get("website"):  # a field people do not see; machines fill it in
        return redirect("contact-thanks")
    try:
        accounts.receive_enquiry(**typed)
    except Invalid as error:
        return render(request, "storefront/contact.html", {"form": Typed(typed, error.errors)}, status=422)
    return redirect("contact-thanks")


def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/contact_thanks.html")
