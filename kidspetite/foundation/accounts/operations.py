from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _

from kidspetite.foundation.accounts import messages, queries, rules
from kidspetite.foundation.accounts.errors import (
    AddressesUnavailable,
    AddressIncomplete,
    EnquiryIncomplete,
    NoSuchEnquiry,
)
from kidspetite.foundation.accounts.events import EnquiryReceived
from kidspetite.foundation.accounts.models import Address, Enquiry, User
from kidspetite.foundation.accounts.ports import AddressChecker
from kidspetite.foundation.accounts.types import AddressVerdict, PlaceGuess, PostalAddress, Role, may
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.foundation.kernel.mail import LONGEST, mail_address
from kidspetite.foundation.kernel.phone import phone_number
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.types import TextState, Topic, Wish
from kidspetite.foundation.plumbing import audit, wiring
from kidspetite.foundation.plumbing.publishing import publish

# After a failure nobody waits for the checker again for this long (seconds); each process finds out for itself.
RESTS = 30.0
GREETED_WITHIN = timedelta(days=30)
_rests_until = 0.0
log = structlog.get_logger()

ADDRESS_LIMITS = {"name": 120, "line1": 120, "line2": 120, "city": 80, "state": 2, "postal_code": 10, "phone": 32}


@transaction.atomic
def receive_enquiry(*, name: str, email: str, text: str, order_number: str = "") -> Enquiry:
    """Keep a letter from the contact form and tell staff by mail. Raises EnquiryIncomplete with the fields."""
    name, text = rules.clean_line(name, 120), rules.clean_text(text, 4000)
    address = mail_address(rules.clean_line(email, LONGEST + 1))
    faults = []
    if not name:
        faults.append(FieldError("name", _("Tell us your name, so that we know whom we answer.")))
    if address is None:
        faults.append(FieldError("email", _("We answer by mail: an address such as name@example.com.")))
    if len(text) < 10:
        faults.append(
            FieldError("text", _("A sentence or two, please: what happened, or what you would like to know."))
        )
    if faults or address is None:
        raise EnquiryIncomplete(errors=tuple(faults))
    enquiry = Enquiry.objects.create(
        name=name, email=address, text=text, order_number=rules.clean_line(order_number, 20).upper()
    )
    publish(EnquiryReceived(enquiry.pk))
    return enquiry


@transaction.atomic
def save_address(user: User, typed: Mapping[str, str], *, address: Address | None = None) -> Address:
    """Add an address to a customer's book, or change one. Raises AddressIncomplete with the fields.

    The first address becomes the default; choosing another one as default takes the mark from the old one. Locks the
    book by its owner's row.
    """
    clean = {field: rules.clean_line(typed.get(field, ""), limit) for field, limit in ADDRESS_LIMITS.items()}
    clean["state"] = clean["state"].upper()
    if faults := rules.address_faults(clean):
        raise AddressIncomplete(errors=tuple(FieldError(field, _(words)) for field, words in faults))
    row = address or Address(user=user)
    for field, value in clean.items():
        setattr(row, field, value)
    _lock_book(user)
    book = Address.objects.filter(user=user).exclude(pk=row.pk)
    is_first = not book.exists()
    if typed.get("is_default") or is_first:
        book.filter(is_default=True).update(is_default=False)
        row.is_default = True
    row.save()
    return row


@transaction.atomic
def remove_address(user: User, pk: int) -> None:
    """Take an address out of the book; the next one becomes the default. Raises NoSuchAddress."""
    _lock_book(user)
    row = queries.address_for(user, pk)
    row.delete()
    if row.is_default and (following := Address.objects.filter(user=user).order_by("pk").first()):
        following.is_default = True
        following.save(update_fields=["is_default"])


@transaction.atomic
def ask_for_newsletter(email: str, *, source: str) -> None:
    """Somebody typed an address for our letters: its owner is asked by mail, once a day at most. Nothing tells whether
    it was known. Raises NotAnAddress."""
    if wish := notifications.ask_consent(email, Topic.NEWSLETTER, source=source):
        notifications.send_message(messages.newsletter_confirmation(wish))


@transaction.atomic
def choose_newsletter(user: User, *, wanted: bool) -> bool:
    """What a customer ticks in their settings; False when the mailbox has to say yes first, and has been asked."""
    wish = Wish(user.email, Topic.NEWSLETTER)
    if wanted and not queries.owns_mailbox(user):
        ask_for_newsletter(user.email, source="settings")
        return False
    notifications.set_consent(wish, wanted=wanted, source="settings")
    return True


@transaction.atomic
def welcome(user: User) -> bool:
    """Greet a new customer by mail, once, and not before the mailbox is known to be theirs: nobody gets two letters for
    an account that a stranger opened. False for the team, and for those who have long been here."""
    is_new = user.date_joined > clock.now() - GREETED_WITHIN
    if user.is_staff or not is_new or not queries.owns_mailbox(user):
        return False
    notifications.send_message(messages.welcome(user))
    return True


@transaction.atomic
def ask_for_texts(number: str, *, source: str, place: str = "") -> TextState:
    """Somebody typed a number for texts about orders: its owner is asked by text, once a day at most, and never after
    STOP. `place` is a ZIP or a state, for the time of day there. Raises NotAPhone, TooManyNumbers."""
    state, consent = notifications.ask_texts(number, source=source)
    if consent:
        notifications.send_message(messages.texts_question(consent.pk, consent.address, place=place))
    return state


@transaction.atomic
def choose_texts(user: User, *, wanted: bool, number: str) -> TextState:
    """What a customer ticks in their settings, for the number typed beside it. The number they leave gets no more
    texts. Raises NotAPhone, TooManyNumbers, and then nothing has changed."""
    state, left = TextState.NONE, queries.texts_number_of(user.pk)
    if wanted:
        home = Address.objects.filter(user=user, is_default=True).first()
        state = ask_for_texts(number, source=f"user:{user.pk}", place=home.postal_code if home else "")
    if left and not (wanted and left == phone_number(number)):
        notifications.end_texts(left, source="settings")
    user.wants_texts = wanted
    user.save(update_fields=["wants_texts"])
    return state


@transaction.atomic
def save_profile(user: User, *, name: str, phone: str) -> User:
    """Change how we call a customer, by name and by phone."""
    user.name, user.phone = rules.clean_line(name, 120), rules.clean_line(phone, 32)
    user.save(update_fields=["name", "phone"])
    return user


@transaction.atomic
def mark_answered(enquiry_id: int, *, by: str) -> Enquiry:
    """Note that somebody has answered a letter from the contact form; told again, the first time stands.

    Raises NoSuchEnquiry."""
    enquiry = Enquiry.objects.select_for_update().filter(pk=enquiry_id).first()
    if enquiry is None:
        raise NoSuchEnquiry()
    if enquiry.answered_at is None:
        enquiry.answered_at = clock.now()
        enquiry.save(update_fields=["answered_at"])
        audit.record(actor=by, verb="accounts.answer_enquiry", subject=f"enquiry:{enquiry.pk}")
    return enquiry


@transaction.atomic
def keep_roles(app_label: str) -> None:
    """Make every role's group hold exactly what the table of roles grants among one app's permissions."""
    permissions = list(Permission.objects.filter(content_type__app_label=app_label).select_related("content_type"))
    for role in Role:
        group, _is_new = Group.objects.get_or_create(name=role.value)
        granted = {each for each in permissions if may(role, f"{app_label}.{each.codename}")}
        held = set(group.permissions.filter(content_type__app_label=app_label))
        group.permissions.remove(*(held - granted))
        group.permissions.add(*(granted - held))


def check_address(address: PostalAddress) -> AddressVerdict:
    """What is known of an address. Never refuses and never raises: a checker that is slow or down is replaced by the
    table of ZIPs. Up to two seconds of network, so never inside a transaction."""
    return _asked(lambda checker: checker.check(address))


def suggest_addresses(typed: str, *, session: str) -> tuple[PlaceGuess, ...]:
    """Guesses for what is being typed, best first; none when nobody can guess. A whole ZIP is known without asking
    anybody; otherwise network as above."""
    known: tuple[PlaceGuess, ...] = wiring.provider("addresses", "local").suggest(typed, session=session)
    return known or _asked(lambda checker: checker.suggest(typed, session=session))


def address_of_place(place_id: str, *, session: str) -> PostalAddress | None:
    """The address behind a guess, or None. Network as above."""
    return _asked(lambda checker: checker.place(place_id, session=session))


def _asked[Told](question: Callable[[AddressChecker], Told]) -> Told:
    global _rests_until
    if time.monotonic() >= _rests_until:
        try:
            return question(wiring.provider("addresses"))
        except AddressesUnavailable as error:
            _rests_until = time.monotonic() + RESTS
            log.warning("address_checker_rests", seconds=RESTS, cause=repr(error.__cause__ or error.facts))
    return question(wiring.provider("addresses", "local"))


def _lock_book(user: User) -> None:
    """A book without an address has no row of its own to lock, so the owner's stands for it."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
