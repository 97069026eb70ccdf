"""Who wants to be reminded: ticked at checkout for one basket, or in a customer's settings for all of theirs."""

from __future__ import annotations

from django.db import transaction

from kidspetite.foundation.accounts import queries as people
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel.mail import mail_address
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.types import Topic, Wish
from kidspetite.journeys.winback.models import Contact
from kidspetite.sales.cart.models import Cart


@transaction.atomic
def choose_reminder(cart: Cart, address: str, *, wanted: bool, customer: User | None = None) -> None:
    """What whoever fills this basket chose in checkout, beside the address they typed; the latest choice stands.

    A tick overrules no earlier no of that mailbox, for anybody can type any address; only its owner's does. What is no
    address is not followed.
    """
    to = mail_address(address.strip())
    if not wanted or to is None:
        Contact.objects.filter(cart=cart).delete()
        return
    wish = Wish(to.lower(), Topic.REMINDERS)
    if customer and customer.email.lower() == wish.address and people.owns_mailbox(customer):
        notifications.set_consent(wish, wanted=True, source="checkout")
    else:
        notifications.assume_consent(wish, source="checkout")
    Contact.objects.update_or_create(cart=cart, defaults={"address": wish.address})


@transaction.atomic
def choose_reminders(user: User, *, wanted: bool) -> bool:
    """What a customer ticks in their settings. False, and nothing changes, for a yes from an account whose mailbox may
    be anybody's."""
    if wanted and not people.owns_mailbox(user):
        return False
    notifications.set_consent(Wish(user.email.lower(), Topic.REMINDERS), wanted=wanted, source="settings")
    return True
