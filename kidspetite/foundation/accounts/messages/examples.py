"""How this room's letters look: for the desk's samples, and for pictures of them."""

from __future__ import annotations

from kidspetite.foundation.accounts import messages
from kidspetite.foundation.accounts.models import Enquiry, User
from kidspetite.foundation.notifications.messages import edge
from kidspetite.foundation.notifications.rules import example
from kidspetite.foundation.notifications.types import Case, Letter, Topic, Wish

MAIL = "ana@home.example"
LINK = "https://shop.example/sign-in/reset/3a-8f2c91d0e7b64a5f"


@example("password-reset")
def _password_reset(case: Case) -> Letter:
    return messages.password_reset(_mail(case), _link(case))


@example("unknown-account")
def _unknown_account(case: Case) -> Letter:
    return messages.no_such_account(_mail(case))


@example("account-exists")
def _account_exists(case: Case) -> Letter:
    return messages.account_exists(_mail(case))


@example("email-verification")
def _email_verification(case: Case) -> Letter:
    return messages.email_verification(_mail(case), _link(case))


@example("account-changed")
def _account_changed(case: Case) -> Letter:
    return messages.account_changed(_mail(case), edge.WORDS if case is Case.EDGE else "A passkey was added.")


@example("welcome")
def _welcome(case: Case) -> Letter:
    return messages.welcome(User(pk=0, email=_mail(case), name=edge.NAME if case is Case.EDGE else "Ana Vale"))


@example("newsletter-confirmation")
def _newsletter_confirmation(case: Case) -> Letter:
    return messages.newsletter_confirmation(Wish(_mail(case), Topic.NEWSLETTER))


@example("enquiry")
def _enquiry(case: Case) -> Letter:
    real = "The snaps of the Harbour bodysuit: do they open with one hand?\n\nThe father has an arm in a cast."
    asked = Enquiry(pk=0, name="Ana Vale", email=MAIL, order_number="KP-7G2K9Q4X", text=real)
    if case is Case.EDGE:
        asked = Enquiry(pk=0, name=edge.NAME, email=edge.MAIL, order_number="", text=edge.WORDS)
    return messages.enquiry_received(asked, MAIL)


def _mail(case: Case) -> str:
    return edge.MAIL if case is Case.EDGE else MAIL


def _link(case: Case) -> str:
    return edge.LINK if case is Case.EDGE else LINK
