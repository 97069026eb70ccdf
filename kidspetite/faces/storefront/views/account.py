"""What a customer sees of themselves. Every row is fetched through a query that asks whose it is."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kidspetite.faces.storefront.forms import Typed
from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.accounts import queries as people
from kidspetite.foundation.accounts.models import Address, User
from kidspetite.foundation.accounts.types import STATES
from kidspetite.foundation.kernel.errors import FieldError, Invalid
from kidspetite.foundation.kernel.phone import as_dialled
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.notifications.errors import NotAPhone, TooManyNumbers
from kidspetite.foundation.notifications.types import TextState, Topic
from kidspetite.goods.inventory.queries import waiting
from kidspetite.journeys.winback import operations as winback
from kidspetite.journeys.winback import queries as winback_queries
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.payments.queries import credit

ADDRESS_FIELDS = ("name", "line1", "line2", "city", "state", "postal_code", "phone", "is_default")
ORDERS_A_PAGE = 20


class SignedIn(HttpRequest):
    """A request behind `login_required`: somebody is there."""

    user: User


@login_required
@require_safe
def overview(request: SignedIn) -> HttpResponse:
    context = {
        "orders": order_queries.orders_for(request.user)[:3],
        "addresses": people.addresses_for(request.user)[:2],
        "credit": credit.credit_of(request.user.pk),
    }
    return render(request, "storefront/account/overview.html", context)


@login_required
@require_safe
def orders(request: SignedIn) -> HttpResponse:
    pages = Paginator(order_queries.orders_for(request.user), ORDERS_A_PAGE)
    return render(request, "storefront/account/orders.html", {"page": pages.get_page(request.GET.get("page"))})


@login_required
@require_safe
def order(request: SignedIn, number: str) -> HttpResponse:
    found = order_queries.order_for(request.user, number)
    if found is None:
        raise Http404
    return render(request, "storefront/account/order.html", {"order": order_queries.order_view(found)})


@login_required
@require_safe
def addresses(request: SignedIn) -> HttpResponse:
    return render(request, "storefront/account/addresses.html", {"addresses": people.addresses_for(request.user)})


@login_required
def new_address(request: SignedIn) -> HttpResponse:
    return _address_form(request, None)


@login_required
def edit_address(request: SignedIn, pk: int) -> HttpResponse:
    return _address_form(request, people.address_for(request.user, pk))


@login_required
@require_POST
def remove_address(request: SignedIn, pk: int) -> HttpResponse:
    accounts.remove_address(request.user, pk)
    messages.success(request, _("The address is out of your book."))
    return redirect("account-addresses")


@login_required
def settings(request: SignedIn) -> HttpResponse:
    """How we call you; e-mail, password and second factor have pages of their own."""
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in ("name", "phone", "newsletter", "texts")}
        try:
            state = accounts.choose_texts(request.user, wanted=bool(typed["texts"]), number=typed["phone"])
        except (NotAPhone, TooManyNumbers) as error:
            form = Typed(typed, (FieldError("phone", error.message),))
            context = {
                "form": form, "texts": {}, "waits": waiting.waits_for(request.user),
                "is_reminded": "reminders" in request.POST,
            }  # fmt: skip
            return render(request, "storefront/account/settings.html", context, status=422)
        accounts.save_profile(request.user, name=typed["name"], phone=typed["phone"])
        _choose_letters(request)
        _choose_reminders(request)
        _tell_texts(request, state)
        return redirect("account-settings")
    typed = {
        "name": request.user.name, "phone": request.user.phone, "texts": "on" if request.user.wants_texts else "",
        "newsletter": "on" if Topic.NEWSLETTER in letters.wanted_by(request.user.email) else "",
    }  # fmt: skip
    number = people.texts_number_of(request.user.pk)
    texts = {"state": letters.text_state(number), "number": as_dialled(number)} if number else {}
    context = {
        "form": Typed(typed),
        "texts": texts,
        "waits": waiting.waits_for(request.user),
        "is_reminded": winback_queries.is_reminded(request.user),
    }
    return render(request, "storefront/account/settings.html", context)


def _tell_texts(request: SignedIn, state: TextState) -> None:
    if state is TextState.ASKED:
        messages.info(request, _("We ask your phone by text, by day. Answer YES, and we text you about your orders."))
    elif state is TextState.STOPPED:
        messages.warning(request, _("That phone answered STOP. Send START from it, and our texts come again."))
    elif state is TextState.NO_TEXTS:
        messages.warning(request, _("That number gets no texts. A mobile number does."))


def _choose_letters(request: SignedIn) -> None:
    wanted = "newsletter" in request.POST
    if wanted == (Topic.NEWSLETTER in letters.wanted_by(request.user.email)):
        messages.success(request, _("Saved."))
    elif accounts.choose_newsletter(request.user, wanted=wanted):
        messages.success(request, _("Saved. We write to you.") if wanted else _("Saved. No more letters."))
    else:
        messages.success(request, _("Saved. Look into your mail: one click there, and we write to you."))


def _choose_reminders(request: SignedIn) -> None:
    wanted = "reminders" in request.POST
    if wanted != winback_queries.is_reminded(request.user) and not winback.choose_reminders(
        request.user, wanted=wanted
    ):
        messages.warning(request, _("Confirm your mail address first; then we may remind you of your basket."))


def _address_form(request: SignedIn, address: Address | None) -> HttpResponse:
    source = request.POST if request.method == "POST" else None
    typed = {
        field: (source.get(field, "") if source is not None else str(getattr(address, field, "") or ""))
        for field in ADDRESS_FIELDS
    }
    context = {"address": address, "states": STATES}
    if source is None:
        return render(request, "storefront/account/address.html", context | {"form": Typed(typed)})
    try:
        accounts.save_address(request.user, typed, address=address)
    except Invalid as error:
        form = Typed(typed, error.errors)
        return render(request, "storefront/account/address.html", context | {"form": form}, status=422)
    messages.success(request, _("The address is in your book."))
    return redirect("account-addresses")
