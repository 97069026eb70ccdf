"""Signing in, as the shop wants it: the basket comes along, and allauth's mails leave in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings as sign_in
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.accounts import messages as letters
from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.kernel.mail import mail_address
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.types import Letter
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as cart_queries
from kidspetite.sales.cart.models import Cart

CHANGES = {
    "account/email/password_changed": gettext_lazy("The password was changed."),
    "account/email/password_set": gettext_lazy("A password was set."),
    "account/email/password_reset": gettext_lazy("The password was changed through a reset link."),
    "account/email/email_changed": gettext_lazy("The e-mail address was changed."),
    "account/email/email_confirm": gettext_lazy("The e-mail address was confirmed."),
    "account/email/email_deleted": gettext_lazy("An e-mail address was removed."),
    "mfa/email/totp_activated": gettext_lazy("An authenticator app was added."),
    "mfa/email/totp_deactivated": gettext_lazy("The authenticator app was removed."),
    "mfa/email/webauthn_added": gettext_lazy("A passkey was added."),
    "mfa/email/webauthn_removed": gettext_lazy("A passkey was removed."),
    "mfa/email/recovery_codes_generated": gettext_lazy("New recovery codes were made."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Sends every mail of allauth's as a letter of ours; a mail we have no words for fails loudly."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        with transaction.atomic():
            notifications.send_message(_letter(template_prefix, email, context))

    def clean_email(self, email: str) -> str:
        """The house's rule for addresses, and the form in which the house keeps them."""
        if address := mail_address(email):
            return address
        raise ValidationError(_("No letter reaches this address. Use one such as name@example.com."))

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """Whoever signed in within the last minutes has just shown who they are, and is not asked once more."""
        records = get_authentication_records(self.request, self.request.user)
        since = clock.now().timestamp() - sign_in.REAUTHENTICATION_TIMEOUT
        if any(record.get("at", 0) > since for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app, **rest))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        if email := credentials.get("email"):
            credentials["email"] = mail_address(email) or email
        return super().authenticate(request, **credentials)


def carry_cart_over(sender: Any, request: HttpRequest, user: User, **rest: Any) -> None:
    """The basket of this visit becomes the customer's own, or joins the one they left elsewhere.

    Signing in never fails because of a basket: one that cannot come over stays where it is, and the page says so.
    """
    own = cart_queries.cart_for(user)
    here = cart_queries.cart_by_token(request.session.get(CART_KEY, ""))
    if here is None:
        if own:
            request.session[CART_KEY] = own.token
        return
    try:
        if own is None or own.pk == here.pk:
            carts.claim_cart(here, customer=user)
        else:
            _join(request, own, here)
    except DomainError as error:
        messages.warning(request, str(error.message))


def greet_newcomer(sender: Any, request: HttpRequest, user: User, **rest: Any) -> None:
    """Who comes with an address that Google has proved is greeted at once; others when they have proved theirs."""
    accounts.welcome(user)


def greet_confirmed(sender: Any, request: HttpRequest, email_address: Any, **rest: Any) -> None:
    accounts.welcome(email_address.user)


def _join(request: HttpRequest, own: Cart, here: Cart) -> None:
    with transaction.atomic():
        report = carts.merge_carts(own, here)
        checkout.join_drafts(own, here)
    request.session[CART_KEY] = own.token
    if report.added:
        pieces = sum(line.added for line in report.added)
        words = ngettext("%(n)s piece joined the basket you left.", "%(n)s pieces joined the basket you left.", pieces)
        messages.info(request, words % {"n": pieces})
    if report.capped:
        messages.warning(request, _("Some pieces could not come over: there are no more of them."))


def _letter(prefix: str, email: str, context: dict[str, Any]) -> Letter:
    if prefix == "account/email/password_reset_key":
        return letters.password_reset(email, context["password_reset_url"])
    if prefix == "account/email/unknown_account":
        return letters.no_such_account(email)
    if prefix == "account/email/account_already_exists":
        return letters.account_exists(email)
    if prefix in {"account/email/email_confirmation", "account/email/email_confirmation_signup"}:
        return letters.email_verification(email, context["activate_url"])
    return letters.account_changed(email, str(CHANGES[prefix]))
