"""allauth's view of our people: its mails leave through our outbox, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.utils.translation import gettext as _

from kidspetite.foundation.accounts import messages
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.types import Letter

CHANGES = {
    "account/email/password_changed": _("The password was changed."),
    "account/email/password_set": _("A password was set."),
    "account/email/password_reset": _("The password was changed through a reset link."),
    "account/email/email_changed": _("The e-mail address was changed."),
    "account/email/email_confirm": _("The e-mail address was confirmed."),
    "account/email/email_deleted": _("An e-mail address was removed."),
    "mfa/email/totp_activated": _("An authenticator app was added."),
    "mfa/email/totp_deactivated": _("The authenticator app was removed."),
    "mfa/email/webauthn_added": _("A passkey was added."),
    "mfa/email/webauthn_removed": _("A passkey was removed."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Sends every mail of allauth's as a letter of ours; a mail we have no words for fails loudly."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        with transaction.atomic():
            notifications.send_message(_letter(template_prefix, email, context))


def _letter(prefix: str, email: str, context: dict[str, Any]) -> Letter:
    if prefix == "account/email/password_reset_key":
        return messages.password_reset(email, context["password_reset_url"])
    if prefix == "account/email/unknown_account":
        return messages.no_such_account(email)
    if prefix == "account/email/account_already_exists":
        return messages.account_exists(email)
    if prefix in {"account/email/email_confirmation", "account/email/email_confirmation_signup"}:
        return messages.email_verification(email, context["activate_url"])
    return messages.account_changed(email, CHANGES[prefix])
