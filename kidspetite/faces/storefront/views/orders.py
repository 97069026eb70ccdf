"""A guest's order: opened by its unguessable token, found by number and e-mail."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kidspetite.faces.storefront.forms import Typed
from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.sales.orders import queries as orders


@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    found = orders.order_by_token(token)
    if found is None:
        raise Http404
    return render(request, "storefront/order.html", {"order": orders.order_view(found)})


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """By number and e-mail together; one answer for whatever does not match, so that neither can be tried out."""
    typed = Typed({name: request.POST.get(name, "") for name in ("number", "email")})
    if request.method == "GET":
        return render(request, "storefront/order_find.html", {"form": typed})
    found = orders.find_order(number=typed.value("number")[:40], email=typed.value("email")[:254])
    if found:
        return redirect("order", token=found.token)
    words = _(
        "No order with this number and this address together. The number starts with KP- and stands in your mail."
    )
    form = typed.having([FieldError("number", words)])
    return render(request, "storefront/order_find.html", {"form": form}, status=404)
