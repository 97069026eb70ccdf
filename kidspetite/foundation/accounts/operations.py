from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _

from kidspetite.foundation.accounts import queries, rules
from kidspetite.foundation.accounts.errors import AddressIncomplete, EnquiryIncomplete, NoSuchEnquiry
from kidspetite.foundation.accounts.events import EnquiryReceived
from kidspetite.foundation.accounts.models import Address, Enquiry, User
from kidspetite.foundation.accounts.types import Role, may
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.publishing import publish

ADDRESS_LIMITS = {"name": 120, "line1": 120, "line2": 120, "city": 80, "state": 2, "postal_code": 10, "phone": 32}


@transaction.atomic
def receive_enquiry(*, name: str, email: str, text: str, order_number: str = "") -> Enquiry:
    """Keep a letter from the contact form and tell staff by mail. Raises EnquiryIncomplete with the fields."""
    name, email, text = rules.clean_line(name, 120), rules.clean_line(email, 254), rules.clean_text(text, 4000)
    faults = []
    if not name:
        faults.append(FieldError("name", _("Tell us your name, so that we know whom we answer.")))
    if not rules.is_email(email):
        faults.append(FieldError("email", _("We answer by mail: an address such as name@example.com.")))
    if len(text) < 10:
        faults.append(
            FieldError("text", _("A sentence or two, please: what happened, or what you would like to know."))
        )
    if faults:
        raise EnquiryIncomplete(errors=tuple(faults))
    enquiry = Enquiry.objects.create(
        name=name, email=email, text=text, order_number=rules.clean_line(order_number, 20).upper()
    )
    publish(EnquiryReceived(enquiry.pk))
    return enquiry


@transaction.atomic
def save_address(user: User, typed: Mapping[str, str], *, address: Address | None = None) -> Address:
    """Add an address to a customer's book, or change one. Raises AddressIncomplete with the fields.

    The first address becomes the default; choosing another one as default takes the mark from the old one.
    """
    clean = {field: rules.clean_line(typed.get(field, ""), limit) for field, limit in ADDRESS_LIMITS.items()}
    clean["state"] = clean["state"].upper()
    if faults := rules.address_faults(clean):
        raise AddressIncomplete(errors=tuple(FieldError(field, _(words)) for field, words in faults))
    row = address or Address(user=user)
    for field, value in clean.items():
        setattr(row, field, value)
    book = Address.objects.select_for_update().filter(user=user).exclude(pk=row.pk)
    is_first = not book.exists()
    if typed.get("is_default") or is_first:
        book.filter(is_default=True).update(is_default=False)
        row.is_default = True
    row.save()
    return row


@transaction.atomic
def remove_address(user: User, pk: int) -> None:
    """Take an address out of the book; the next one becomes the default. Raises NoSuchAddress."""
    row = queries.address_for(user, pk)
    row.delete()
    if row.is_default and (following := Address.objects.filter(user=user).order_by("pk").first()):
        following.is_default = True
        following.save(update_fields=["is_default"])


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
