"""Who wants letters about what: asked, confirmed from the mailbox, ended with one click."""

from __future__ import annotations

from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.mail import mail_address
from kidspetite.foundation.notifications import rules
from kidspetite.foundation.notifications.errors import NotAnAddress
from kidspetite.foundation.notifications.models import Consent
from kidspetite.foundation.notifications.types import Topic, Wish

Status = Consent.Status


@transaction.atomic
def ask_consent(address: str, topic: Topic, *, source: str) -> Wish | None:
    """Note that somebody, perhaps the owner of the mailbox, wants letters about a topic. Gives the wish to be confirmed
    by mail, or None when it was given before. Raises NotAnAddress."""
    to = mail_address(address.strip())
    if to is None:
        raise NotAnAddress()
    wish = Wish(to.lower(), topic)
    told = {"status": Status.ASKED, "source": source, "asked_at": clock.now()}
    consent, is_new = _locked(wish, told)
    if consent.status == Status.GIVEN:
        return None
    if not is_new:
        Consent.objects.filter(pk=consent.pk).update(**told)
    return wish


@transaction.atomic
def give_consent(token: str) -> Wish:
    """The owner of the mailbox says yes. Twice is once. Raises LinkUnknown."""
    wish = rules.wish_of(token, salt=rules.GIVES)
    give_wish(wish, source="mail")
    return wish


@transaction.atomic
def end_consent(token: str) -> Wish:
    """No more letters about this. Twice is once, and one that was never given stays ended. Raises LinkUnknown."""
    wish = rules.wish_of(token, salt=rules.ENDS)
    end_wish(wish, source="mail")
    return wish


@transaction.atomic
def set_consent(wish: Wish, *, wanted: bool, source: str) -> None:
    """What somebody chose whose mailbox is known to be theirs."""
    (give_wish if wanted else end_wish)(Wish(wish.address.lower(), wish.topic), source=source)


@transaction.atomic
def assume_consent(wish: Wish, *, source: str) -> bool:
    """Note a yes that does not come from the mailbox itself, such as a box ticked at checkout. It overrules nothing
    that was said before, so whoever ended these letters gets none. Gives whether they may be written."""
    now = clock.now()
    given = {"status": Status.GIVEN, "source": source, "asked_at": now, "given_at": now}
    consent, _ = _locked(Wish(wish.address.lower(), wish.topic), given)
    return consent.status == Status.GIVEN


def give_wish(wish: Wish, *, source: str) -> None:
    now = clock.now()
    told = {"status": Status.GIVEN, "source": source, "given_at": now}
    consent, is_new = _locked(wish, {**told, "asked_at": now})
    if not is_new and consent.status != Status.GIVEN:
        kept = consent.source if consent.status == Status.ASKED else source
        Consent.objects.filter(pk=consent.pk).update(**{**told, "source": kept}, ended_at=None)


def end_wish(wish: Wish, *, source: str) -> None:
    now = clock.now()
    told = {"status": Status.ENDED, "ended_at": now}
    consent, is_new = _locked(wish, {**told, "source": source, "asked_at": now})
    if not is_new and consent.status != Status.ENDED:
        Consent.objects.filter(pk=consent.pk).update(**told)


def _locked(wish: Wish, first: dict[str, object]) -> tuple[Consent, bool]:
    consent, is_new = Consent.objects.get_or_create(address=wish.address, topic=wish.topic, defaults=first)
    return (consent, True) if is_new else (Consent.objects.select_for_update().get(pk=consent.pk), False)
