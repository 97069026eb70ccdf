"""Pages that a browser asks for before anybody has clicked: invited where they cost nothing, refused where they act."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static

from kidspetite.faces.edge.pagecache.addresses import key_of

RULES = "edge/prefetch.speculationrules"
# Where no page of the catalogue is a likely next step, and where nobody should be led away.
WITHOUT_RULES = ("/admin", "/api", "/checkout", "/sandbox", "/sign-", "/static/", "/media/")


class Speculation:
    """Names the rules by which pages may be fetched ahead, and turns away a guess at any page that is not kept for
    everybody: baskets, accounts and links that do something wait for a click. The browser then asks again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_guess(request) and key_of(request.path, request.META.get("QUERY_STRING", "")) is None:
            return HttpResponse(status=503, content_type="text/plain", headers={"Cache-Control": "no-store"})
        response = self.get_response(request)
        if response.status_code == 200 and not request.path.startswith(WITHOUT_RULES) and _is_page(response):
            response["Speculation-Rules"] = _rules()
        return response


@cache
def _rules() -> str:
    """By the name with its hash, which a process looks up once."""
    return f'"{static(RULES)}"'


def _is_guess(request: HttpRequest) -> bool:
    """Whether a whole page is asked for ahead; what a page asked for ahead loads itself is judged by that page."""
    is_ahead = request.headers.get("Sec-Purpose", "").lower().startswith("prefetch")
    return is_ahead and request.headers.get("Sec-Fetch-Dest", "document") == "document"


def _is_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")
