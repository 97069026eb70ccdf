"""The cards of a customer: looked at, added, put first, taken out. Every one is fetched by whose it is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kidspetite.faces.edge.client import traces_of
from kidspetite.faces.storefront.card_choice import CARD_FIELDS, gateway, read_card
from kidspetite.faces.storefront.cards import SANDBOX_CARDS
from kidspetite.faces.storefront.forms import Typed
from kidspetite.faces.storefront.views.account import SignedIn
from kidspetite.faces.storefront.views.paying import is_ours
from kidspetite.faces.storefront.views.stripe_page import stripe_context, with_stripe_js
from kidspetite.foundation.kernel.errors import FieldError, Invalid
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import CardRefused, CardsUnavailable, TooManyDeclines
from kidspetite.sales.payments.queries import cards as saved
from kidspetite.sales.payments.types import WishView

WAY_BACK = "/account/payments/wishes/{wish}"


@login_required
@require_safe
def cards(request: SignedIn) -> HttpResponse:
    context = {"cards": saved.saved_cards_for(request.user.pk), "can_add": bool(gateway())}
    return render(request, "storefront/account/payments.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: SignedIn) -> HttpResponse:
    """A card without a purchase. Where Stripe is on its element takes it, or without script its own page."""
    if not gateway():
        raise Http404
    if request.method == "GET":
        return _show_form(request, Typed({}))
    try:
        chosen = read_card(request, ())
        wish = payments.add_card(
            request.user, provider=chosen.provider, method=chosen.token, traces=traces_of(request),
            way_back=settings.BASE_URL + WAY_BACK,
        )  # fmt: skip
    except Invalid as error:
        return _show_form(request, _typed(request, error.errors), status=422)
    except (CardRefused, CardsUnavailable, TooManyDeclines) as error:
        return _show_form(request, _typed(request, (FieldError("card", error.message),)), status=error.status)
    return _after(request, wish)


@login_required
@require_safe
def back(request: SignedIn, name: str) -> HttpResponse:
    """Back from the bank: what did it say?"""
    try:
        return _after(request, payments.finish_card(request.user, name))
    except CardRefused as error:
        messages.error(request, str(error.message))
        return redirect("account-payments")


@login_required
@require_safe
def to_bank(request: SignedIn, name: str) -> HttpResponse:
    """On to the bank, or to Stripe's own page; our forms may not lead there."""
    wish = saved.wish_for(request.user.pk, name)
    if wish is None:
        raise Http404
    if not wish.next_action_url:
        return redirect("account-payments")
    return render(request, "storefront/account/payment_bank.html", {"address": wish.next_action_url})


@login_required
@require_POST
def put_first(request: SignedIn, name: str) -> HttpResponse:
    card = payments.make_default(request.user, name)
    messages.success(request, _("%(card)s stands first now.") % {"card": card.label})
    return redirect("account-payments")


@login_required
@require_POST
def remove(request: SignedIn, name: str) -> HttpResponse:
    payments.remove_card(request.user, name)
    messages.success(request, _("The card is out of your account."))
    return redirect("account-payments")


def _after(request: HttpRequest, wish: WishView) -> HttpResponse:
    if wish.card:
        messages.success(request, _("%(card)s is in your account.") % {"card": wish.card.label})
    elif wish.next_action_url:
        return (
            redirect(wish.next_action_url) if is_ours(wish.next_action_url) else redirect("card-bank", name=wish.name)
        )
    else:
        messages.info(request, _("Your bank has not answered yet. The card appears here when it has."))
    return redirect("account-payments")


def _typed(request: HttpRequest, errors: tuple[FieldError, ...]) -> Typed:
    return Typed({name: request.POST.get(name, "") for name in CARD_FIELDS}, errors)


def _show_form(request: HttpRequest, form: Typed, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "gateway": gateway()}
    if gateway() == "stripe":
        return _with_element(request, context | stripe_context(), status)
    return render(request, "storefront/account/payment_new.html", context | {"cards": SANDBOX_CARDS}, status=status)


@with_stripe_js
def _with_element(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "storefront/account/payment_new.html", context, status=status)
