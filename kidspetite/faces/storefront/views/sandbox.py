"""The sandbox bank's question, standing in for a bank's own page. Absent where the sandbox is off."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kidspetite.foundation.plumbing import wiring
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.types import Decision


@require_http_methods(["GET", "POST"])
def challenge(request: HttpRequest, reference: str) -> HttpResponse:
    """Approve or refuse a charge, as a bank would ask."""
    return _asked(request, reference, "storefront/checkout/sandbox.html")


@require_http_methods(["GET", "POST"])
def paypal(request: HttpRequest, reference: str) -> HttpResponse:
    """The same in PayPal's place; whoever turns back there leaves it unanswered."""
    return _asked(request, reference, "storefront/checkout/sandbox_paypal.html")


def _asked(request: HttpRequest, reference: str, template: str) -> HttpResponse:
    if "sandbox" not in wiring.codes("payments"):
        raise Http404
    asked = payments.challenge(reference)
    if request.method == "GET":
        return render(request, template, {"asked": asked})
    decision = Decision.APPROVE if request.POST.get("decision") == "approve" else Decision.REFUSE
    return redirect(urlsplit(payments.decide(reference, decision)).path)
