"""How whoever is signed in hears of what happens in the shop."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kidspetite.faces.backoffice.access import AtWork, allowed, page
from kidspetite.foundation.kernel.errors import Invalid
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import NewsChoice
from kidspetite.sales.orders.queries import news


@require_http_methods(["GET", "POST"])
@allowed("orders.view_order")
def my_letters(request: AtWork) -> HttpResponse:
    """New orders: each, one letter a day, or none. Everybody chooses for themselves."""
    error = None
    if request.method == "POST":
        try:
            orders.choose_news(request.user, request.POST.get("orders", ""))
        except Invalid as refusal:
            error = refusal
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:my-letters")
    context = {"chosen": news.choice_of(request.user), "ways": NewsChoice.How.choices, "error": error}
    return page(request, "my_letters.html", context, status=422 if error else 200)
