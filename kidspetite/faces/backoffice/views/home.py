from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from kidspetite.faces.backoffice import checklist, reading
from kidspetite.faces.backoffice.access import page
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock
from kidspetite.goods.catalog.models import Variant
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.orders.models import Order

FOUND_AT_MOST = 20


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Today: what waits, what comes next, and what a new shop still lacks. Open to everybody who works here."""
    user = request.user
    sees_orders = user.has_perm("orders.view_order")
    steps = checklist.steps(user) if checklist.is_for(user) else []
    context = {
        "today": clock.today(content.shop_settings().time_zone),
        "queue": reading.queue(user),
        "next_order": reading.next_to_ship() if user.has_perm("shipping.add_shipment") else None,
        "latest": Order.objects.order_by("-placed_at", "-pk")[:8] if sees_orders else [],
        "steps": steps if any(not step.is_done for step in steps) else [],
        "steps_done": sum(step.is_done for step in steps),
    }
    return page(request, "home.html", context)


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """One field for order numbers, SKUs, names and addresses; a single exact hit opens at once."""
    words = request.GET.get("q", "").strip()[:120]
    user = request.user
    sees_orders, sees_stock = user.has_perm("orders.view_order"), user.has_perm("inventory.view_stocklevel")
    if sees_orders and (order := orders.order_by_number(words)):
        return redirect("desk:order", order.number)
    if sees_stock and (exact := Variant.objects.filter(sku__iexact=words).first()):
        return redirect("desk:shelf", exact.sku)
    long_enough = len(words) >= 3
    context = {
        "q": words,
        "orders": _orders(words) if sees_orders and long_enough else [],
        "variants": _variants(words) if sees_stock and long_enough else [],
        "people": _people(words) if user.has_perm("accounts.view_user") and long_enough else [],
        "long_enough": long_enough,
        "here": reverse("desk:home"),
    }
    return page(request, "find.html", context)


def _orders(words: str) -> list[Order]:
    hits = Order.objects.filter(
        Q(number__icontains=words)
        | Q(email__icontains=words)
        | Q(shipping_address__name__icontains=words)
        | Q(shipping_address__phone__icontains=words)
    )
    return list(hits.order_by("-placed_at")[:FOUND_AT_MOST])


def _variants(words: str) -> list[Variant]:
    hits = Variant.objects.filter(Q(sku__icontains=words) | Q(product__name__icontains=words))
    return list(hits.select_related("product", "size", "colour").order_by("sku")[:FOUND_AT_MOST])


def _people(words: str) -> list[User]:
    hits = User.objects.filter(Q(email__icontains=words) | Q(name__icontains=words) | Q(phone__icontains=words))
    return list(hits.order_by("email")[:FOUND_AT_MOST])
