"""The letters this room writes: about signing in, and to staff about people who write to us."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kidspetite.foundation.accounts.models import Enquiry, User
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock, ids
from kidspetite.foundation.notifications import messages as letters
from kidspetite.foundation.notifications.queries import QUESTION
from kidspetite.foundation.notifications.rules import giving_token
from kidspetite.foundation.notifications.types import (
    Button,
    Facts,
    Letter,
    Letterhead,
    Paragraph,
    Part,
    Quotation,
    Sheet,
    Text,
    Topic,
    Wish,
)


def letterhead() -> Letterhead:
    """The shop as it signs its letters today."""
    shop = content.shop_settings()
    return Letterhead(
        shop_name=shop.name,
        shop_url=settings.BASE_URL,
        email=shop.email,
        phone=shop.phone,
        address_lines=tuple(shop.address_lines),
    )


def password_reset(to: str, url: str) -> Letter:
    parts = (
        Paragraph(
            _("Somebody, we hope you, asked for a new password for this address. The link works for three days.")
        ),
        Button(_("Choose a new password"), url),
    )
    return _letter(
        to, "password-reset", _("A new password"), _("Choose a new password."), parts,
        _("Was it not you? Then do nothing; the old password stays."),
    )  # fmt: skip


def no_such_account(to: str) -> Letter:
    parts = (
        Paragraph(_("Somebody asked for a new password for this address, but there is no account with it.")),
        Button(_("Open an account"), f"{settings.BASE_URL}/sign-up"),
    )
    return _letter(
        to, "unknown-account", _("No account with this address"), _("No account with this address."), parts,
        _("Was it not you? Then do nothing."),
    )  # fmt: skip


def account_exists(to: str) -> Letter:
    parts = (
        Paragraph(_("Somebody tried to open an account with this address, but there is one already.")),
        Button(_("Sign in"), f"{settings.BASE_URL}/sign-in"),
    )
    return _letter(
        to, "account-exists", _("You have an account already"), _("You have an account already."), parts,
        _("Forgot the password? The sign-in page helps."),
    )  # fmt: skip


def email_verification(to: str, url: str) -> Letter:
    parts = (
        Paragraph(_("One click, and we know that this address is yours.")),
        Button(_("Yes, it is mine"), url),
    )
    return _letter(to, "email-verification", _("Is this your address?"), _("Is this your address?"), parts, "")


def welcome(user: User) -> Letter:
    """Told once, when an account is open and its mailbox known to be its owner's."""
    sheet = Sheet(
        title=_("Good to have you."),
        preheader=_("Your account is open."),
        parts=(
            Paragraph(_("Your account is open. It keeps your orders, your addresses and what you have saved.")),
            Paragraph(_("Children here go by height. Tell us how tall yours is, and you see only what fits.")),
            Button(_("Start with a height"), settings.BASE_URL),
        ),
        footnote=_("Letters about what is new come only if you ask for them, in the settings of your account."),
    )
    return letters.letter(
        sheet, head=letterhead(), key=f"welcome:{user.pk}", kind="welcome", to=user.email,
        subject=_("Welcome"), facts={"name": user.name, "account_url": f"{settings.BASE_URL}/account"},
    )  # fmt: skip


def account_changed(to: str, what: str) -> Letter:
    """Something about signing in was changed; told to the old and the new address alike."""
    parts = (
        Paragraph(what),
        Paragraph(_("Was it not you? Choose a new password at once, and write to us.")),
        Button(_("Choose a new password"), f"{settings.BASE_URL}/sign-in/reset"),
    )
    return _letter(to, "account-changed", _("Your account was changed"), _("Your account was changed."), parts, "")


def newsletter_confirmation(wish: Wish) -> Letter:
    """To whoever owns the address that somebody typed under our pages. One a day, however often it is typed."""
    title = _("Shall we write to you?")
    words = _("Somebody, we hope you, asked for our letters: what is new on the hooks, twice a month at most.")
    link = f"{settings.BASE_URL}/newsletter/confirm/{giving_token(wish)}"
    sheet = Sheet(
        title=title,
        preheader=_("One click, and our letters come."),
        parts=(Paragraph(words), Button(_("Yes, send them"), link)),
        footnote=_("Was it not you? Then do nothing; we write no more."),
    )
    key = f"newsletter-confirmation:{wish.address}:{clock.now():%Y-%m-%d}"
    return letters.letter(
        sheet, head=letterhead(), key=key, kind="newsletter-confirmation", to=wish.address, subject=title
    )


def texts_question(consent_id: int, number: str, *, place: str = "") -> Text:
    """To whoever owns the phone whose number somebody typed: what we would send, how often, what it costs and how it
    ends, as carriers ask for. One a day, however often it is typed."""
    words = _(
        "%(shop)s: Reply YES for texts about your orders, about 3 an order. Msg & data rates may apply. "
        "HELP for help, STOP to stop."
    ) % {"shop": content.shop_settings().name}
    key = f"texts-question:{consent_id}:{clock.now():%Y-%m-%d}"
    return Text(
        key=key, kind="texts-question", to=number, words=words, subject_key=f"texts:{consent_id}", guard=QUESTION,
        topic=Topic.SERVICE, place=place,
    )  # fmt: skip


def texts_welcome(consent_id: int, number: str, *, given_at: datetime) -> Text:
    """The answer to a yes."""
    words = _("%(shop)s: Thank you. We text you when an order is paid, leaves and arrives. STOP ends it, HELP helps.")
    return Text(
        key=f"texts-welcome:{consent_id}:{given_at:%Y-%m-%dT%H:%M:%S}", kind="texts-welcome", to=number,
        words=words % {"shop": content.shop_settings().name}, subject_key=f"texts:{consent_id}",
    )  # fmt: skip


def enquiry_received(enquiry: Enquiry, to: str) -> Letter:
    """To staff: somebody wrote through the contact form."""
    rows: list[tuple[str, tuple[str, ...]]] = [(_("From"), (f"{enquiry.name}", enquiry.email))]
    if enquiry.order_number:
        rows.append((_("Order"), (enquiry.order_number,)))
    sheet = Sheet(
        title=_("%(name)s wrote to us.") % {"name": enquiry.name},
        preheader=enquiry.text[:100],
        parts=(
            Quotation(_("The letter"), enquiry.text),
            Facts(tuple(rows)),
            Button(_("Write back"), f"mailto:{enquiry.email}"),
        ),
    )
    return letters.letter(
        sheet, head=letterhead(), key=f"enquiry:{enquiry.pk}", kind="enquiry", to=to,
        subject=_("Letter from %(name)s") % {"name": enquiry.name}, subject_key=f"enquiry:{enquiry.pk}",
    )  # fmt: skip


def _letter(to: str, kind: str, subject: str, title: str, parts: tuple[Part, ...], footnote: str) -> Letter:
    sheet = Sheet(title=title, preheader=subject, parts=parts, footnote=footnote)
    key: Any = f"{kind}:{ids.token()}"  # each is asked for anew, so each is told
    return letters.letter(sheet, head=letterhead(), key=key, kind=kind, to=to, subject=subject)
