from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.faces.backoffice.forms import NewPageForm, PageForm
from kidspetite.faces.backoffice.views.settings import note_faults
from kidspetite.foundation.content import operations as content
from kidspetite.foundation.content import queries as content_queries
from kidspetite.foundation.content.errors import NoSuchPage
from kidspetite.foundation.content.models import Page
from kidspetite.foundation.kernel.errors import DomainError

LINKED_TEXTS = (
    ("shipping", gettext_lazy("Shipping")), ("returns", gettext_lazy("Returns")), ("privacy", gettext_lazy("Privacy")),
    ("terms", gettext_lazy("Terms")), ("about", gettext_lazy("About us")),
    ("accessibility", gettext_lazy("Accessibility")),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@allowed("content.view_page", to_change="content.add_page")
def page_list(request: HttpRequest) -> HttpResponse:
    """The owner's pages, and a form for a new one."""
    form = NewPageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = content.add_page(form.cleaned_data["slug"], title=form.cleaned_data["title"], by=actor(request))
            return redirect("desk:page", added.slug)
        except DomainError as refusal:
            note_faults(form, refusal)
    pages = content_queries.pages()
    written = {row.slug for row in pages}
    missing = [(slug, title) for slug, title in LINKED_TEXTS if slug not in written]
    context = {"pages": pages, "form": form, "missing": missing}
    return page(request, "pages.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allowed("content.view_page", to_change="content.change_page")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a page in Markdown; look at it before it is kept."""
    row = content_queries.page(slug)
    if row is None:
        raise NoSuchPage()
    form = PageForm(request.POST or None, initial=PageForm.initial_of(row))
    keeps = request.method == "POST" and "look" not in request.POST
    if keeps and form.is_valid():
        try:
            content.save_page(slug, by=actor(request), **form.cleaned_data)
            messages.success(request, _("The page is saved; the shop shows it now."))
            return redirect("desk:page", slug)
        except DomainError as refusal:
            note_faults(form, refusal)
    body = request.POST.get("body", "") if request.method == "POST" else row.body
    shop = content_queries.shop_settings()
    context = {
        "row": row, "form": form, "preview": content_queries.rendered(Page(body=body), shop),
        "places": content_queries.facts_of(shop), "here": "/admin/pages",
    }  # fmt: skip
    return page(request, "page.html", context, status=422 if keeps and form.errors else 200)
