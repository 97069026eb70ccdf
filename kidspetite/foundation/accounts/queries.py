from __future__ import annotations

from django.db.models import QuerySet

from kidspetite.foundation.accounts.errors import NoSuchAddress
from kidspetite.foundation.accounts.models import Address, Enquiry, User
from kidspetite.foundation.kernel.phone import phone_number
from kidspetite.foundation.plumbing import wiring


def addresses_for(user: User) -> QuerySet[Address]:
    """A customer's book, the default first."""
    return Address.objects.filter(user=user).order_by("-is_default", "pk")


def address_for(user: User, pk: int) -> Address:
    """One address of this customer; raises NoSuchAddress for anybody else's."""
    if found := Address.objects.filter(user=user, pk=pk).first():
        return found
    raise NoSuchAddress()


def owns_mailbox(user: User) -> bool:
    """Whether somebody has shown that their mail address is theirs."""
    from allauth.account.models import EmailAddress  # it needs the loaded apps

    return EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()


def email_of(user_id: int) -> str:
    """The mail address somebody signs in with; empty when the account is gone."""
    return User.objects.filter(pk=user_id).values_list("email", flat=True).first() or ""


def texts_number_of(user_id: int) -> str:
    """The number to which somebody chose to be texted about their orders, as it is kept; empty for nobody's."""
    chosen = User.objects.filter(pk=user_id, wants_texts=True).values_list("phone", flat=True).first()
    return phone_number(chosen or "") or ""


def enquiry(pk: int) -> Enquiry:
    return Enquiry.objects.get(pk=pk)


def can_suggest_streets() -> bool:
    """Whether somebody is wired who knows streets; the table of ZIPs knows none."""
    return wiring.codes("addresses")[0] != "local"
