"""Stock-takes and tables: many shelves on one sheet, looked at before anything changes."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kidspetite.faces.backoffice import stock_table
from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.faces.backoffice.names import names_of
from kidspetite.faces.backoffice.tables import csv_answer
from kidspetite.faces.backoffice.views.stock import pieces
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as shelves
from kidspetite.goods.inventory.errors import ChangesRefused
from kidspetite.goods.inventory.types import MoveAs, SheetView
from kidspetite.sales.orders.queries import pieces_to_pack

CHANGE = "inventory.change_stocklevel"
PER_PAGE = 50
MEANINGS = (
    (MoveAs.RECEIVED, gettext_lazy("A delivery came")),
    (MoveAs.ADJUSTED, gettext_lazy("The books were wrong")),
    (MoveAs.DAMAGED, gettext_lazy("Damaged or lost")),
)


@require_http_methods(["GET", "POST"])
@allowed("inventory.view_stocklevel", to_change=CHANGE)
def sheet_list(request: HttpRequest) -> HttpResponse:
    """Sheets, the open ones first; a POST begins a stock-take."""
    if request.method == "POST":
        return redirect("desk:sheet", inventory.open_sheet(kind="count", by=actor(request)).pk)
    rows = shelves.sheets()
    names = names_of([row.applied_by or row.opened_by for row in rows])
    return page(request, "sheets.html", {"rows": rows, "names": names, "here": "/admin/stock"})


@require_http_methods(["GET", "POST"])
@allowed("inventory.view_stocklevel", to_change=CHANGE)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: what was counted and what differs; while it is open, fields to count more. A POST notes counts."""
    if request.method == "POST":
        return _note_counts(request, pk)
    return _show(request, shelves.sheet(pk))


@require_POST
@allowed(CHANGE)
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one shelf off the sheet."""
    found = Variant.objects.filter(sku=request.POST.get("sku", "")).values_list("pk", flat=True).first()
    try:
        if found:
            inventory.strike_line(pk, found)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("desk:sheet", pk)


@require_POST
@allowed(CHANGE)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Change every shelf of the sheet, all or nothing, with one reason."""
    here = shelves.sheet(pk)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return _show(request, here, error=_("Say why, so that the next person knows."), status=422)
    try:
        count = inventory.apply_sheet(pk, reason=reason, by=actor(request))
    except ChangesRefused as refusal:
        why = {variant_id: error.message for variant_id, error in refusal.refused.items()}
        return _show(request, here, error=str(refusal.message), why=why, reason=reason, status=refusal.status)
    except DomainError as refusal:
        whole = {line.variant_id: refusal.message for line in here.differing} if len(here.differing) == 1 else {}
        return _show(request, here, error=str(refusal.message), why=whole, reason=reason, status=refusal.status)
    words = ngettext("%(n)d shelf changed.", "%(n)d shelves changed.", count)
    messages.success(request, words % {"n": count})
    return redirect("desk:sheet", pk)


@require_POST
@allowed(CHANGE)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw an open sheet away; no shelf was changed by it."""
    inventory.drop_sheet(pk)
    messages.success(request, _("The sheet is gone. No shelf was changed."))
    return redirect("desk:sheets")


@require_http_methods(["GET", "POST"])
@allowed(CHANGE)
def table(request: HttpRequest) -> HttpResponse:
    """Read a table from a file. Its good rows become a sheet to look at; one bad row, and nothing does."""
    if request.method == "GET":
        return page(
            request, "stock_table.html", {"meanings": MEANINGS, "chosen": MoveAs.RECEIVED, "here": "/admin/stock"}
        )
    meaning, upload = request.POST.get("as", ""), request.FILES.get("file")
    faults = []
    if meaning not in dict(MEANINGS):
        faults.append(stock_table.Fault(0, _("Say what the table is about.")))
    if upload is None:
        faults.append(stock_table.Fault(0, _("Choose a file.")))
    elif not faults:
        rows, faults = stock_table.read_table(upload.read(stock_table.MOST_BYTES + 1))
        changes, more = stock_table.changes_of(rows, MoveAs(meaning))
        faults = sorted([*faults, *more], key=lambda fault: fault.line)
        if not faults and not changes:
            faults.append(stock_table.Fault(0, _("No row of this table changes anything.")))
        if not faults:
            with transaction.atomic():
                sheet = inventory.open_sheet(kind="table", by=actor(request), moves_as=meaning)
                inventory.write_differences(sheet.pk, changes)
            return redirect("desk:sheet", sheet.pk)
    told = {
        "meanings": MEANINGS, "chosen": meaning, "faults": faults[: stock_table.FAULTS_SHOWN], "here": "/admin/stock",
        "more": max(0, len(faults) - stock_table.FAULTS_SHOWN), "name": upload.name if upload else "",
    }  # fmt: skip
    return page(request, "stock_table.html", told, status=422)


@require_GET
@allowed("inventory.view_stocklevel")
def shelves_csv(request: HttpRequest) -> HttpResponse:
    """All shelves as a table: change the column `set`, and the desk reads it again."""
    rows = Variant.objects.select_related("product", "size", "colour", "stock").order_by("sku")
    found = ((row.sku, f"{row.product.name}, {row.colour.name}, {row.size.label}", _on_hand(row)) for row in rows)
    return csv_answer("stock", ["sku", "piece", "was", "set"], ((sku, name, n, n) for sku, name, n in found))


def _note_counts(request: HttpRequest, pk: int) -> HttpResponse:
    counts, bad = _typed(request.POST)
    if bad:
        return _show(request, shelves.sheet(pk), error=_("Whole numbers of pieces, please. Nothing was noted."),
                     bad=bad, status=422)  # fmt: skip
    try:
        inventory.write_counts(pk, counts)
    except DomainError as refusal:
        return _show(request, shelves.sheet(pk), error=str(refusal.message), status=refusal.status)
    words = ngettext("%(n)d count noted.", "%(n)d counts noted.", len(counts))
    messages.success(request, words % {"n": len(counts)})
    asked = QueryDict(mutable=True)
    asked.update({name: request.POST.get(name, "") for name in ("q", "page") if request.POST.get(name)})
    return redirect(f"{reverse('desk:sheet', args=[pk])}{'?' if asked else ''}{asked.urlencode()}")


def _typed(form: QueryDict) -> tuple[dict[int, int], dict[int, str]]:
    """Counts by variant, and what was typed that is none. An empty field says nothing."""
    counts: dict[int, int] = {}
    bad: dict[int, str] = {}
    for name, text in form.items():
        number = name.removeprefix("count-")
        text = str(text).strip()
        if name == number or not (number.isascii() and number.isdecimal() and len(number) < 12) or not text:
            continue
        if text.isascii() and text.isdecimal() and len(text) <= 6:
            counts[int(number)] = int(text)
        else:
            bad[int(number)] = text[:12]
    here = set(Variant.objects.filter(pk__in=counts).values_list("pk", flat=True))
    return {pk: n for pk, n in counts.items() if pk in here}, bad


def _show(
    request: HttpRequest, sheet: SheetView, *, error: str = "", why: Mapping[int, object] | None = None,
    bad: dict[int, str] | None = None, reason: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    asked = request.POST if request.method == "POST" else request.GET
    words = asked.get("q", "").strip()[:80]
    rows = Paginator(pieces("", words), PER_PAGE).get_page(asked.get("page", "1"))
    counts = sheet.is_open and sheet.is_count
    counted = {line.variant_id: str(line.counted) for line in sheet.lines if line.counted is not None} | (bad or {})
    context = {
        "sheet": sheet, "rows": rows if counts else None, "words": words, "counted": counted, "bad": bad or {},
        "packing": pieces_to_pack([row.pk for row in rows]) if counts else {}, "error": error, "why": why or {},
        "reason": reason, "names": names_of([sheet.opened_by, sheet.applied_by]), "here": "/admin/stock",
    }  # fmt: skip
    return page(request, "sheet.html", context, status=status)


def _on_hand(variant: Variant) -> int:
    return variant.stock.on_hand if hasattr(variant, "stock") else 0
