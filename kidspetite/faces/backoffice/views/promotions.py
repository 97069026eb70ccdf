"""Promotions at the desk: what runs, what it says and gives, its codes, and a trial on a cart."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.faces.backoffice.promotion_forms import BatchForm, CodeForm, PromotionForm
from kidspetite.faces.backoffice.tables import csv_answer
from kidspetite.faces.backoffice.views.settings import note_faults
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.ui import formats
from kidspetite.goods.pricing import operations as pricing
from kidspetite.goods.pricing import queries
from kidspetite.goods.pricing.models import Promotion
from kidspetite.goods.pricing.queries import PromotionRow
from kidspetite.journeys.checkout import queries as checkout
from kidspetite.journeys.checkout.types import TrialLine

HERE = "/admin/promotions"
DAYS = 30
SHOWN_CODES = 50
TRIAL_LINES = 6
GRAPH_HEIGHT = 60
NAMES = {"amount_minor": "amount", "minimum_minor": "minimum", "cap_minor": "cap"}


@require_safe
@allowed("pricing.view_promotion")
def promotion_list(request: HttpRequest) -> HttpResponse:
    """All promotions, each in one plain sentence."""
    return page(request, "promotions.html", {"rows": queries.promotion_list(), "here": HERE})


@require_http_methods(["GET", "POST"])
@allowed("pricing.view_promotion", to_change="pricing.add_promotion")
def new(request: HttpRequest) -> HttpResponse:
    return _form(request, Promotion(), "promotion_new.html", {})


@require_http_methods(["GET", "POST"])
@allowed("pricing.view_promotion", to_change="pricing.change_promotion")
def promotion(request: HttpRequest, pk: int) -> HttpResponse:
    """One promotion: its sentence, its switch, its codes, how often it was used, and everything about it to change."""
    found = _found(pk)
    return _form(request, found.row, "promotion.html", _facts(found))


@require_POST
@allowed("pricing.change_promotion")
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """The kill switch, and back."""
    if request.POST.get("to") == "on":
        pricing.resume_promotion(pk, by=actor(request))
        messages.success(request, _("It counts again, as far as its dates allow."))
    else:
        pricing.stop_promotion(pk, by=actor(request))
        messages.success(request, _("Stopped. It counts in no basket any more."))
    return redirect("desk:promotion", pk)


@require_POST
@allowed("pricing.add_promocode")
def add_codes(request: HttpRequest, pk: int) -> HttpResponse:
    """One code with a name, or a batch of codes that each work once."""
    found = _found(pk)
    is_batch = "count" in request.POST
    form = BatchForm(request.POST) if is_batch else CodeForm(request.POST)
    if form.is_valid():
        try:
            if is_batch:
                data = form.cleaned_data
                pricing.make_codes(
                    found.row, count=data["count"], prefix=data["begins"], batch=data["batch"], by=actor(request)
                )
            else:
                pricing.add_code(found.row, **form.cleaned_data, by=actor(request))
        except DomainError as refusal:
            note_faults(form, refusal, NAMES)
        else:
            messages.success(request, _("The codes are ready.") if is_batch else _("The code works now."))
            return redirect("desk:promotion", pk)
    typed = {"batch_form" if is_batch else "code_form": form}
    edit = PromotionForm(initial=PromotionForm.initial_of(found.row))
    return page(request, "promotion.html", {**_facts(found), "form": edit, **typed}, status=422)


@require_safe
@allowed("pricing.view_promocode")
def codes_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The codes of a promotion as a table for a mail program; `?batch=` for one batch."""
    rows = queries.promotion_codes(_found(pk).row.pk)
    if batch := request.GET.get("batch", ""):
        rows = rows.filter(batch=batch)
    told = ((row.code, row.batch, row.limit_total or "", row.uses) for row in rows.iterator())  # type: ignore[attr-defined]
    return csv_answer(f"codes-{pk}", ["code", "batch", "limit", "used"], told)


@require_safe
@allowed("pricing.view_promotion")
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Try it on a cart: SKUs and pieces in, the quote and its explanation out. Nothing is kept."""
    found = _found(pk)
    typed = [(request.GET.get(f"sku{n}", "").strip(), request.GET.get(f"pieces{n}", "1")) for n in range(TRIAL_LINES)]
    lines = [TrialLine(sku, int(n) if n.isascii() and n.isdecimal() and n != "0" else 1) for sku, n in typed if sku]
    state = request.GET.get("state", "NY")
    tried = checkout.trial(found.row, lines, state=state, is_first_order="first" in request.GET)
    context = {
        "found": found, "row": found.row, "typed": typed, "tried": tried, "state": state, "here": HERE,
        "first": "first" in request.GET,
        "words": queries.explanations(tried.quote) if tried else [],
    }  # fmt: skip
    return page(request, "promotion_trial.html", context)


def _form(request: HttpRequest, row: Promotion, template: str, facts: dict[str, Any]) -> HttpResponse:
    form = PromotionForm(request.POST or None, initial=PromotionForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            saved = pricing.save_promotion(form.written(row), by=actor(request), **form.goods())
        except DomainError as refusal:
            note_faults(form, refusal, NAMES)
        else:
            found = _found(saved.pk)
            messages.success(request, _("Saved. It reads: %(words)s") % {"words": found.words})
            return redirect("desk:promotion", saved.pk)
    return page(request, template, {**facts, "form": form, "here": HERE}, status=422 if form.errors else 200)


def _facts(found: PromotionRow) -> dict[str, Any]:
    codes = queries.promotion_codes(found.row.pk)
    return {
        "found": found,
        "row": found.row,
        "codes": codes[:SHOWN_CODES],
        "more_codes": max(codes.count() - SHOWN_CODES, 0),
        "batches": sorted({code.batch for code in codes if code.batch}),
        "graph": _graph(found),
        "code_form": CodeForm(),
        "batch_form": BatchForm(),
        "here": HERE,
    }


def _graph(found: PromotionRow) -> dict[str, Any]:
    """Bars for an inline drawing: place and height of each day's uses."""
    zone = content.shop_settings().time_zone
    days = queries.uses_by_day(found.row.pk, until=clock.now(), days=DAYS, time_zone=zone)
    most = max((uses for _day, uses in days), default=0)
    bars = [
        {"x": place * 10, "height": height, "y": GRAPH_HEIGHT - height, "words": f"{formats.day(day, 'day')}: {uses}"}
        for place, (day, uses) in enumerate(days)
        if (height := uses * GRAPH_HEIGHT // most if most else 0)
    ]
    return {"bars": bars, "most": most, "total": sum(uses for _day, uses in days), "first": days[0][0]}


def _found(pk: int) -> PromotionRow:
    found = queries.promotion_row(pk)
    if found is None:
        raise Http404
    return found
