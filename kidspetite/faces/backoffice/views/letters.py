"""Letters as staff look at them: samples of each kind, one sent to oneself, and an order's letter sent once more."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from kidspetite.faces.backoffice.access import FORM_KEY, AtWork, actor, allowed, page
from kidspetite.faces.backoffice.order_page import order_named
from kidspetite.foundation.kernel import ids
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import queries
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.types import Case, Letter
from kidspetite.foundation.plumbing import audit

CASES = ((Case.REAL, gettext_lazy("As it is")), (Case.EDGE, gettext_lazy("At its worst")))
SCHEMES = (("light", gettext_lazy("Light")), ("dark", gettext_lazy("Dark")))
WIDTHS = (320, 600)
NAMES = {
    "account-changed": gettext_lazy("Account changed"),
    "account-exists": gettext_lazy("Account exists already"),
    "back-in-stock": gettext_lazy("A size is back"),
    "daily-orders": gettext_lazy("Orders of a day, for the team"),
    "email-verification": gettext_lazy("Is this your address?"),
    "enquiry": gettext_lazy("Letter from a customer, for the team"),
    "low-stock": gettext_lazy("Sizes that run low, for the team"),
    "new-order": gettext_lazy("New order, for the team"),
    "newsletter-confirmation": gettext_lazy("Newsletter: did you ask?"),
    "order-cancelled": gettext_lazy("Order cancelled"),
    "order-confirmation": gettext_lazy("Order confirmed"),
    "order-delivered": gettext_lazy("Order arrived"),
    "order-readdressed": gettext_lazy("Order goes elsewhere"),
    "order-refunded": gettext_lazy("Money back"),
    "order-shipped": gettext_lazy("Order on its way"),
    "password-reset": gettext_lazy("A new password"),
    "payment-failed": gettext_lazy("Payment did not go through"),
    "refund-failed": gettext_lazy("Refund came back, for the team"),
    "reminder-first": gettext_lazy("Basket left, after an hour"),
    "reminder-second": gettext_lazy("Basket left, after a day"),
    "reminder-last": gettext_lazy("Basket left, after three days"),
    "slow-pages": gettext_lazy("Pages have become slow, for the team"),
    "unknown-account": gettext_lazy("No account with this address"),
    "wait-confirmation": gettext_lazy("Tell me when it is back: did you ask?"),
    "welcome": gettext_lazy("Welcome"),
}
"""What staff call each kind. Templates at SendGrid go by the kind itself, so a sample shows both."""
DARK = "@media (prefers-color-scheme: dark)"
# A letter brings its styles along and runs nothing; only the page around it may show it in a frame.
PAPER_POLICY: dict[str, Any] = {
    "default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "img-src": [CSP.SELF, "data:"],
    "frame-ancestors": [CSP.SELF], "sandbox": True,
}  # fmt: skip


@require_GET
@allowed("notifications.view_message")
def letters(request: HttpRequest) -> HttpResponse:
    """Every kind of letter that the shop writes."""
    drawn = [(kind, NAMES.get(kind, kind), draw(Case.REAL)) for kind, draw in queries.examples().items()]
    return page(request, "letters.html", {"letters": drawn})


@require_GET
@csp_override(settings.SECURE_CSP | {"frame-src": [CSP.SELF]})
@allowed("notifications.view_message")
def letter(request: HttpRequest, kind: str) -> HttpResponse:
    """One letter at both widths, in either scheme, about what the shop has or about what breaks weak letters."""
    drawn, case = _drawn(request, kind)
    scheme = "dark" if request.GET.get("scheme") == "dark" else "light"
    context = {
        "letter": drawn, "case": case, "cases": CASES, "scheme": scheme, "schemes": SCHEMES, "widths": WIDTHS,
        "form_key": ids.token(), "here": reverse("desk:letters"), "name": NAMES.get(kind, kind),
    }  # fmt: skip
    return page(request, "letter.html", context)


@require_GET
@csp_override(PAPER_POLICY)
@xframe_options_sameorigin
@allowed("notifications.view_message")
def paper(request: HttpRequest, kind: str) -> HttpResponse:
    """The letter's own HTML, alone; `?scheme=` shows what a mail program set to it shows."""
    drawn, _case = _drawn(request, kind)
    return HttpResponse(_in_scheme(drawn.html, request.GET.get("scheme", "")))


@require_POST
@allowed("notifications.change_message")
def sample(request: AtWork, kind: str) -> HttpResponse:
    """Send a sample to whoever asks for it, at their own address and at no other. A double click is one sample."""
    drawn, case = _drawn(request, kind)
    key = f"{request.user.pk}:{_form_key(request)}"
    notifications.send_sample(drawn, to=request.user.email, key=key)
    audit.record(actor=actor(request), verb="notifications.send_sample", subject=f"letter:{kind}", case=case)
    messages.success(request, _("The sample is on its way to %(mail)s.") % {"mail": request.user.email})
    return redirect(f"{reverse('desk:letter', args=[kind])}?data={case}")


@require_POST
@allowed("notifications.change_message")
def copy(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Send one of an order's letters once more; one that failed is tried again. A double click sends one."""
    order = order_named(number)
    found = queries.message(pk)
    if found is None or found.subject_key != f"order:{order.number}":
        raise Http404
    if found.status == Message.Status.FAILED:
        notifications.send_again(pk)
    else:
        notifications.send_copy(pk, key=_form_key(request))
    audit.record(actor=actor(request), verb="notifications.send_copy", subject=f"message:{pk}", order=order.number)
    messages.success(request, _("“%(subject)s” is on its way again.") % {"subject": found.subject})
    return redirect("desk:order", order.number)


def _drawn(request: HttpRequest, kind: str) -> tuple[Letter, Case]:
    draw = queries.examples().get(kind)
    if draw is None:
        raise Http404
    told = request.POST if request.method == "POST" else request.GET
    case = Case.EDGE if told.get("data") == Case.EDGE else Case.REAL
    return draw(case), case


def _form_key(request: HttpRequest) -> str:
    key = request.POST.get("key", "")
    return key if FORM_KEY.fullmatch(key) else ids.token()


def _in_scheme(html: str, scheme: str) -> str:
    """The dark rules hold always, or never, instead of by the reader's wish."""
    media = {"dark": "@media all", "light": "@media not all"}.get(scheme, DARK)
    return html.replace(DARK, media)
