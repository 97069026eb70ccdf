from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.faces.backoffice.forms import SettingsForm
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.content import operations as content
from kidspetite.foundation.content import queries as content_queries
from kidspetite.foundation.content.models import ShopSettings
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.plumbing.models import AuditEntry

HISTORY = 20


@require_http_methods(["GET", "POST"])
@allowed("content.view_shopsettings", to_change="content.add_shopsettings")
def settings(request: HttpRequest) -> HttpResponse:
    """The facts of the shop: what holds, what is to come, what was; a change is a new row, from now or from a day."""
    form = SettingsForm(request.POST or None, initial=SettingsForm.initial_of(content_queries.settings_in_force()))
    if request.method == "POST" and form.is_valid():
        try:
            saved = content.save_shop_settings(form.facts(), by=actor(request), valid_from=form.valid_from())
        except DomainError as refusal:
            note_faults(form, refusal, {"valid_from": "begins_on"})
        else:
            begun = saved.valid_from <= clock.now()
            messages.success(request, _("Saved. It holds from now.") if begun else _("Saved. It holds from that day."))
            return redirect("desk:settings")
    now = clock.now()
    context = {
        "form": form,
        "coming": _with_names(list(ShopSettings.objects.filter(valid_from__gt=now).order_by("valid_from"))),
        "past": _with_names(list(ShopSettings.objects.filter(valid_from__lte=now).order_by("-valid_from")[:HISTORY])),
        "changes": _changes(),
    }
    return page(request, "settings.html", context, status=422 if form.errors else 200)


@require_POST
@allowed("content.add_shopsettings")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a change that has not begun."""
    content.withdraw_settings(pk, by=actor(request))
    messages.success(request, _("That change is taken back."))
    return redirect("desk:settings")


def note_faults(form: forms.Form, refusal: DomainError, names: dict[str, str] | None = None) -> None:
    """Put what a command refused beside the fields of the form, in the command's words."""
    for fault in refusal.errors:
        field = (names or {}).get(fault.field, fault.field)
        form.add_error(field if field in form.fields else None, str(fault.message))
    if not refusal.errors:
        form.add_error(None, str(refusal.message))


def _with_names(rows: list[ShopSettings]) -> list[tuple[ShopSettings, str]]:
    ids = {row.changed_by[5:] for row in rows if row.changed_by.startswith("user:")}
    names = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=[i for i in ids if i.isdigit()])}
    return [(row, names.get(row.changed_by, row.changed_by)) for row in rows]


def _changes() -> dict[int, str]:
    """Which fields each kept change touched, by the row's id."""
    entries = AuditEntry.objects.filter(verb="content.save_shop_settings").order_by("-pk")[: HISTORY * 2]
    found: dict[int, str] = {}
    for entry in entries:
        pk = entry.subject.rpartition(":")[2]
        if pk.isdigit():
            found.setdefault(int(pk), ", ".join(name.replace("_", " ") for name in entry.facts.get("changed", {})))
    return found
