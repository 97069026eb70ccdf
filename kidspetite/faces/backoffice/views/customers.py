"""A customer as support sees them: who they are, what they bought, and their store credit with its next change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from kidspetite.faces.backoffice.access import FORM_KEY, actor, allowed, page
from kidspetite.faces.backoffice.dollars import typed_amount
from kidspetite.foundation.accounts import queries as people
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import ids
from kidspetite.foundation.kernel.errors import DomainError, FieldError, Invalid
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui import formats
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.orders import rules as order_rules
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.queries import credit as ledger

ORDERS_SHOWN = 10
CHANGES = (
    ("grant", gettext_lazy("Give"), payments.grant_credit),
    ("take", gettext_lazy("Take back"), payments.take_credit_back),
)


class CreditUnclear(Invalid):
    """A change of store credit that cannot be read; `errors` name the fields."""

    code = "backoffice.credit_unclear"
    message = gettext_lazy("Have another look: the store credit is as it was.")


@require_GET
@allowed("accounts.view_user")
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _customer(pk))


@require_POST
@allowed("payments.add_creditentry")
def credit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give store credit, or take it back, with a reason. The key of the form makes a double click harmless."""
    person = _customer(pk)
    try:
        amount = _change(person, request)
    except DomainError as error:
        return _page(request, person, error=error)
    left = {"name": str(person), "balance": formats.money(ledger.credit_of(person.pk)), "amount": formats.money(amount)}
    messages.success(request, _("%(amount)s is booked; %(name)s has %(balance)s of store credit now.") % left)
    return redirect("desk:customer", person.pk)


def _change(person: User, request: HttpRequest) -> Money:
    command = {code: command for code, _name, command in CHANGES}.get(request.POST.get("how", ""))
    amount, reason = typed_amount(request.POST.get("amount", "")), request.POST.get("reason", "").strip()[:200]
    faults = []
    if command is None:
        faults.append(FieldError("how", _("Give, or take back?")))
    if amount is None:
        faults.append(FieldError("amount", _("An amount in dollars and cents, such as 12.50.")))
    if not reason:
        faults.append(FieldError("reason", _("Say why: the customer reads it, too.")))
    if faults or command is None or amount is None:
        raise CreditUnclear(errors=tuple(faults))
    key = request.POST.get("key", "")
    name = f"desk:{person.pk}:{key if FORM_KEY.fullmatch(key) else ids.token()}"
    command(person.pk, amount, key=name, by=actor(request), reason=reason)
    return amount


def _customer(pk: int) -> User:
    found = User.objects.filter(pk=pk, is_staff=False, is_superuser=False).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, person: User, *, error: DomainError | None = None) -> HttpResponse:
    theirs = orders.orders_for(person)
    kept = theirs.filter(status__in=order_rules.PATH).aggregate(n=Count("pk"), spent=Sum("total_minor"))
    context: dict[str, Any] = {
        "person": person,
        "orders": theirs[:ORDERS_SHOWN],
        "bought": kept["n"],
        "spent": Money(kept["spent"] or 0),
        "addresses": people.addresses_for(person),
        "balance": ledger.credit_of(person.pk),
        "marks": _with_names(ledger.credit_history(person.pk)),
        "changes": [(code, name) for code, name, _command in CHANGES],
        "typed": request.POST if error else {"how": "grant"},
        "key": ids.token(),
        "error": error,
        "field_errors": {fault.field: fault.message for fault in error.errors} if error else {},
        "here": "/admin/accounts/user/",
    }
    return page(request, "customer.html", context, status=error.status if error else 200)


def _with_names(marks: list[Any]) -> list[tuple[Any, str]]:
    """Each mark with who made it; jobs say nothing."""
    ids_ = {int(mark.actor[5:]) for mark in marks if mark.actor.startswith("user:") and mark.actor[5:].isdigit()}
    names = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=ids_)} if ids_ else {}
    return [(mark, names.get(mark.actor, "")) for mark in marks]
