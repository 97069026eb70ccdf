"""Who comes in under /admin: staff, signed in at the shop's door, in production with a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kidspetite.faces.edge.staff import lacks_second_factor

STAFF_FLOOR = "/admin"


class StaffDoor:
    """Asks once for all of the back office, ours and Unfold's. What a person may do inside, each page asks itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, callback: Callable[..., Any], callback_args: Any, callback_kwargs: Any
    ) -> HttpResponse | None:
        if not (request.path == STAFF_FLOOR or request.path.startswith(f"{STAFF_FLOOR}/")):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(_way_back(request), settings.LOGIN_URL)
        if not request.user.is_staff:
            raise PermissionDenied
        if lacks_second_factor(request.user):
            messages.warning(
                request, _("The back office needs a second factor. Set up a passkey or an authenticator app first.")
            )
            return redirect("mfa_index")
        return None


def _way_back(request: HttpRequest) -> str:
    """Where to go after signing in: the page that was wanted, or home for what cannot be asked for again."""
    if request.method not in {"GET", "HEAD"}:
        return "/admin/"
    is_old_door = request.path.startswith("/admin/login")
    return (request.GET.get("next") or "/admin/") if is_old_door else request.get_full_path()
