"""Store credit: the box at the payment step, and its history in the account."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kidspetite.faces.storefront.views.account import SignedIn
from kidspetite.faces.storefront.views.steps import filled_cart
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.payments.queries import credit

ENTRIES_A_PAGE = 30


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Tick or untick the box: spend credit on this purchase, or keep it for another."""
    cart = filled_cart(request)
    if cart is None:
        return redirect("cart")
    if request.POST.get("use_store_credit"):
        checkout.spend_credit(cart)
    else:
        checkout.keep_credit(cart)
    return redirect("checkout-payment")


@login_required
@require_safe
def history(request: SignedIn) -> HttpResponse:
    """Where it came from and where it went."""
    pages = Paginator(credit.credit_entries(request.user.pk), ENTRIES_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "balance": credit.credit_of(request.user.pk),
        "page": page,
        "marks": [credit.credit_mark(row) for row in page],
    }
    return render(request, "storefront/account/credit.html", context)
