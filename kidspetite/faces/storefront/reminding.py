"""The choice beside the address in checkout: may we remind you of this basket?"""

from __future__ import annotations

from django.http import HttpRequest

from kidspetite.foundation.accounts.models import User
from kidspetite.journeys.winback import operations as winback
from kidspetite.journeys.winback import queries
from kidspetite.sales.cart.models import Cart

FIELD = "remind_me"


def asks(request: HttpRequest) -> bool:
    """Whether there is a box to tick; customers whom we remind anyway are told so instead."""
    user = _customer(request)
    return not (user and queries.is_reminded(user))


def begun(cart: Cart) -> dict[str, str]:
    """How the box stands: as it was left, and empty at first."""
    return {FIELD: "on" if queries.is_followed(cart) else ""}


def keep(request: HttpRequest, cart: Cart) -> None:
    """Keep the choice that came with the address."""
    if asks(request):
        typed, wanted = request.POST.get("email", ""), bool(request.POST.get(FIELD))
        winback.choose_reminder(cart, typed, wanted=wanted, customer=_customer(request))


def _customer(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
