from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.faces.backoffice.demo import demo_data, remove_demo_data


@require_http_methods(["GET", "POST"])
@allowed("accounts.delete_user")
def demo(request: HttpRequest) -> HttpResponse:
    """What would go, and a word to type before it does: this cannot be undone."""
    fault = ""
    if request.method == "POST":
        if request.POST.get("word", "").strip().lower() == "remove":
            remove_demo_data(by=actor(request))
            messages.success(request, _("The demo goods are gone. The shop is yours."))
            return redirect("desk:home")
        fault = _("Type remove, so that nobody does this by a slip.")
    context = {"data": demo_data(), "fault": fault, "here": "/admin/"}
    return page(request, "demo.html", context, status=422 if fault else 200)
