from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.faces.backoffice.shelf_story import holdings_of, story_of
from kidspetite.foundation.kernel.errors import DomainError, FieldError, Invalid
from kidspetite.goods.catalog.errors import UnknownSku
from kidspetite.goods.catalog.models import Band, Product, Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as shelves
from kidspetite.goods.inventory.errors import BadCount
from kidspetite.goods.inventory.queries import alerts
from kidspetite.goods.inventory.types import Change, MoveAs

PER_PAGE = 50
BANDS = (
    ("", gettext_lazy("All")),
    (Band.FEW, gettext_lazy("Running low")),
    (Band.HELD, gettext_lazy("All in baskets")),
    (Band.SOLD_OUT, gettext_lazy("Sold out")),
)
REASONS = (
    ("delivery", gettext_lazy("a delivery came")),
    ("count", gettext_lazy("counted")),
    ("returned", gettext_lazy("came back from a customer")),
    ("damaged", gettext_lazy("damaged or lost")),
    ("other", gettext_lazy("other")),
)
# As what a change is written down, by what was done and why; all else is an adjustment.
MEANINGS = {
    ("add", "delivery"): MoveAs.RECEIVED,
    ("add", "returned"): MoveAs.RETURNED,
    ("take", "damaged"): MoveAs.DAMAGED,
}


class StockChangeUnclear(Invalid):
    """A change of a shelf that cannot be read; `errors` name the fields."""

    code = "backoffice.stock_change_unclear"
    message = gettext_lazy("Have another look: the shelf is as it was.")


@require_GET
@allowed("inventory.view_stocklevel")
def shelf_list(request: HttpRequest) -> HttpResponse:
    """All pieces with what is on hand, promised and free; the emptiest first when filtered."""
    band = request.GET.get("band", "")
    band = band if band in Band.values else ""
    words = request.GET.get("q", "").strip()[:80]
    rows = Paginator(pieces(band, words), PER_PAGE)
    context = {"rows": rows.get_page(request.GET.get("page", "1")), "band": band, "bands": BANDS, "words": words}
    return page(request, "stock.html", context)


@require_http_methods(["GET", "POST"])
@allowed("inventory.view_stocklevel", to_change="inventory.change_stocklevel")
def shelf(request: HttpRequest, sku: str) -> HttpResponse:
    """One shelf: why it holds what it holds, and its next change, with a reason."""
    variant = Variant.objects.filter(sku=sku).select_related("product", "size", "colour").first()
    if variant is None:
        raise UnknownSku(sku=sku)
    error, with_holds = None, request.GET.get("holds") == "1"
    if request.method == "POST":
        try:
            on_hand = _change(variant, request.POST, by=actor(request))
            messages.success(request, _("%(sku)s: %(n)d on hand now.") % {"sku": sku, "n": on_hand})
            return redirect("desk:shelf", sku)
        except DomainError as refusal:
            error = refusal
    context = {
        "variant": variant,
        "facts": shelves.stock_facts(sku),
        "story": story_of(sku, with_holds=with_holds),
        "with_holds": with_holds,
        "holdings": holdings_of(sku),
        "low_at": alerts.mark_of(variant.pk),
        "default_mark": alerts.default_mark(),
        "waiting": alerts.waiting_for(variant.pk),
        "reasons": REASONS,
        "typed": request.POST if error else {"how": "add"},
        "error": error,
        "field_errors": {fault.field: fault.message for fault in error.errors} if error else {},
        "here": "/admin/stock",
    }
    return page(request, "shelf.html", context, status=error.status if error else 200)


def _change(variant: Variant, typed: QueryDict, *, by: str) -> int:
    """Read the form and move the pieces."""
    how, text, why, note = (typed.get(name, "").strip() for name in ("how", "count", "reason", "note"))
    faults = []
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        faults.append(FieldError("count", _("A whole number of pieces, such as 12.")))
    elif how != "set" and not int(text):
        faults.append(FieldError("count", _("At least one piece.")))
    if why not in dict(REASONS):
        faults.append(FieldError("reason", _("Say why, so that the next person knows.")))
    if how not in {"add", "take", "set"}:
        faults.append(FieldError("how", _("Add, take away, or set?")))
    if faults:
        raise StockChangeUnclear(errors=tuple(faults))
    count = int(text)
    change = Change(variant.pk, -count if how == "take" else count, is_count=how == "set")
    reason = f"{dict(REASONS)[why]}{': ' + note if note else ''}"[:200]
    try:
        inventory.change_shelves([change], reason=reason, by=by, kind=MEANINGS.get((how, why), MoveAs.ADJUSTED))
    except BadCount as refusal:
        here = shelves.stock_facts(variant.sku).on_hand
        words = _("There are only %(n)d on hand.") % {"n": here} if how == "take" else refusal.errors[0].message
        raise StockChangeUnclear(errors=(FieldError("count", words),)) from refusal
    return shelves.stock_facts(variant.sku).on_hand


def pieces(band: str, words: str) -> QuerySet[Variant]:
    """Pieces to list, by band and by words of their SKU, product or barcode."""
    rows = Variant.objects.select_related("product", "size", "colour", "stock")
    if band:
        rows = rows.filter(band=band, is_active=True, product__status=Product.Status.ACTIVE)
    if words:
        rows = rows.filter(Q(sku__icontains=words) | Q(product__name__icontains=words) | Q(barcode=words))
    return rows.order_by("product__name", "colour__position", "size__position", "pk")
