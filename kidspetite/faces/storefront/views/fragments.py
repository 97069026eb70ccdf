from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.sales.cart import queries as carts


@require_safe
def me(request: HttpRequest) -> JsonResponse:
    """What is personal on an otherwise shared page: the basket's count and a name. At most 2 KB, never stored."""
    token = request.session.get(CART_KEY)
    facts: dict[str, object] = {"cart_count": carts.count_of(token) if token else 0}
    if request.user.is_authenticated:
        facts["name"] = request.user.get_short_name()
    return JsonResponse(facts, headers={"Cache-Control": "private, no-store"})
