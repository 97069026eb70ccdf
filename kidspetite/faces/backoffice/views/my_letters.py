"""How whoever is signed in hears of what happens in the shop."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kidspetite.faces.backoffice.access import AtWork, allowed, page
from kidspetite.foundation.kernel.errors import Invalid
from kidspetite.foundation.vitals import operations as vitals
from kidspetite.foundation.vitals import queries as speed
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory.queries import alerts
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import NewsChoice
from kidspetite.sales.orders.queries import news

LOW_WAYS = (
    (alerts.How.EACH, gettext_lazy("as it happens")),
    (alerts.How.DAILY, gettext_lazy("one letter a day")),
    (alerts.How.OFF, gettext_lazy("none")),
)


@require_http_methods(["GET", "POST"])
@allowed("inventory.view_stocklevel")
def my_letters(request: AtWork) -> HttpResponse:
    """New orders, what runs low, and slow pages: each, one letter a day, or none. Everybody chooses for themselves, of
    what their role may see."""
    error = None
    sees_orders, sees_speed = (request.user.has_perm(one) for one in (news.SEES_ORDERS, speed.SEES_SPEED))
    if request.method == "POST":
        try:
            with transaction.atomic():
                if sees_orders:
                    orders.choose_news(request.user, request.POST.get("orders", ""))
                if "low_stock" in request.POST or not sees_orders:
                    inventory.choose_low_news(request.user, request.POST.get("low_stock", ""))
                if sees_speed and "speed" in request.POST:
                    vitals.choose_speed_news(request.user, request.POST["speed"])
        except Invalid as refusal:
            error = refusal
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:my-letters")
    low = alerts.choice_of(request.user)
    context = {
        "chosen": news.choice_of(request.user),
        "ways": NewsChoice.How.choices,
        "low_ways": [(how.value, words, how == low) for how, words in LOW_WAYS],
        "speed_ways": speed.How.choices,
        "speed_chosen": speed.choice_of(request.user),
        "error": error,
    }
    return page(request, "my_letters.html", context, status=422 if error else 200)
