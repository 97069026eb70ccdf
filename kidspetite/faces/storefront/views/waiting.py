"""Being told when a size is back: asked on its page, confirmed from the mailbox, and one page for all that follows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kidspetite.faces.edge.shopper import cart_of, cart_to_fill, leave_hint
from kidspetite.faces.storefront.forms import Typed
from kidspetite.foundation.kernel.errors import DomainError, FieldError
from kidspetite.foundation.notifications.errors import NotAnAddress
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.types import VariantFacts
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.errors import HereAlready
from kidspetite.goods.inventory.queries import waiting
from kidspetite.goods.inventory.types import WaitState, WaitView
from kidspetite.sales.cart import operations as carts


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to be told about one size: guests by an address that has to say yes, customers at once. The answer to a guest
    is the same whether the address was known or not."""
    piece = _piece(request.POST.get("sku") or request.GET.get("sku", ""))
    if request.method != "POST":
        return _ask_page(request, piece)
    if request.POST.get("website"):  # a field people do not see; machines fill it in
        return redirect("wait-asked")
    try:
        if request.user.is_authenticated:
            return _stand_in_line(request, piece)
        inventory.ask_to_wait(piece.sku, address=request.POST.get("email", ""))
    except NotAnAddress as error:
        return _ask_page(request, piece, fault=FieldError("email", error.message))
    except HereAlready:
        return redirect(f"{request.path}?sku={piece.sku}")
    except DomainError as error:
        return _ask_page(request, piece, refused=str(error.message), status=error.status)
    return redirect("wait-asked")


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/wait_asked.html")


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Where somebody stands who asked to be told, from the letter's link. Buttons say yes, put the piece that is set
    aside into the basket of whoever is here, or end it, for mail programs follow links by themselves."""
    wait = waiting.wait_by_key(key)
    refused = ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "take":
                carts.take_offered(cart_to_fill(request), wait)
                return leave_hint(request, redirect("cart"))
            (inventory.end_wait if request.POST.get("do") == "end" else inventory.confirm_wait)(wait.id)
            return redirect("wait", key)
        except DomainError as error:
            refused, wait = str(error.message), waiting.wait_by_key(key)
    page = render(
        request, "storefront/wait.html", _wait_context(request, wait, refused), status=409 if refused else 200
    )
    return leave_hint(request, page)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer ends one of their waits, in their settings."""
    assert request.user.is_authenticated
    theirs = next((wait for wait in waiting.waits_for(request.user) if wait.id == pk), None)
    if theirs is None:
        raise Http404
    inventory.end_wait(pk)
    messages.success(request, _("Ended. We do not write about that one."))
    return redirect("account-settings")


def _stand_in_line(request: HttpRequest, piece: VariantFacts) -> HttpResponse:
    assert request.user.is_authenticated
    if inventory.wait_for(piece.sku, customer=request.user):
        words = _("You are in line for %(size)s in %(colour)s. We write as soon as one is here.")
    else:
        words = _("Look into your mail: one click there, and you are in line for %(size)s in %(colour)s.")
    messages.success(request, words % {"size": piece.size_label, "colour": piece.colour_name})
    return redirect("account-settings")


def _ask_page(
    request: HttpRequest,
    piece: VariantFacts,
    *,
    fault: FieldError | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    user = request.user
    context = {
        "piece": piece,
        "free": stock.available_pieces([piece.id])[piece.id],
        "is_waiting": user.is_authenticated and waiting.is_waiting(user, piece.id),
        "form": Typed({"email": request.POST.get("email", "")}, (fault,) if fault else ()),
        "refused": refused,
    }
    return render(request, "storefront/wait_ask.html", context, status=422 if fault else status)


def _wait_context(request: HttpRequest, wait: WaitView, refused: str) -> dict[str, Any]:
    cart = cart_of(request)
    is_mine = wait.state is WaitState.TAKEN and cart is not None and cart.holder == wait.taken_by
    return {"wait": wait, "piece": wait.piece, "is_mine": is_mine, "refused": refused}


def _piece(sku: str) -> VariantFacts:
    found = catalog.variants_for_sale([sku.strip()]) if sku.isprintable() else {}
    for piece in found.values():
        return piece
    raise Http404
