"""Who may be answered from the replica: whoever only looks, has changed nothing for a while, and is no staff."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kidspetite.faces.edge.csrf import VITALS
from kidspetite.foundation.plumbing.replica import WRITER_STAYS_SECONDS, reading_aside

COOKIE = "kp_wrote"
STAFF_STAYS_SECONDS = 12 * 3600
SAFE = frozenset({"GET", "HEAD"})


class ReadsAside:
    """Lets catalogue reads of a request go to the replica. Whoever writes gets a cookie that keeps them at the primary
    until the replica surely knows of it; whoever was in the back office, for half a day. Clients that bring a token
    stay there always, for they may keep no cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_staff = request.path.startswith("/admin")
        if request.method in SAFE and not is_staff:
            if COOKIE in request.COOKIES or "Authorization" in request.headers:
                return self.get_response(request)
            with reading_aside():
                return self.get_response(request)
        response = self.get_response(request)
        if request.path == VITALS:  # every look at a page sends some, and nobody reads them there
            return response
        stays = STAFF_STAYS_SECONDS if is_staff else WRITER_STAYS_SECONDS
        if is_staff or COOKIE not in request.COOKIES:
            response.set_cookie(COOKIE, "1", max_age=stays, secure=request.is_secure(), httponly=True, samesite="Lax")
        return response
