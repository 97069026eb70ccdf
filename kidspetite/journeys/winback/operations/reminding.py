"""All letters that are due, each under the lock of its person."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection, transaction

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.notifications.types import Topic, Wish
from kidspetite.journeys.winback import messages, queries, rules
from kidspetite.journeys.winback.models import Round
from kidspetite.journeys.winback.operations.ending import end, end_late
from kidspetite.journeys.winback.types import Left, Reminded, Why

log = structlog.get_logger(__name__)

# A person is no row: their first round is yet to be written. So the lock is on their address.
LOCK_PERSON = "select pg_advisory_xact_lock(hashtext('winback'), hashtext(%s))"


def remind_due() -> Reminded:
    """Write every letter that is due, at most one to a person. Run twice, late, or by two at once, it is the same as
    run once in time; what fails for one person is left for the next run."""
    now = clock.now()
    end_late(now)
    done = Reminded()
    for address in queries.due_people(now):
        try:
            done += _remind(address, now)
        except Exception:  # one person's trouble is no other's
            log.exception("reminder_failed")
            done += Reminded(failed=1)
    return done


@transaction.atomic
def _remind(address: str, now: datetime) -> Reminded:
    """Look at one person again under their lock, and write the letter that is due, if any."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_PERSON, [address])
    left = queries.left_by(address, now)
    known = Round.objects.select_for_update().filter(address=address, ended_at=None).first()
    if left is None or (known is None and queries.rests(address, now)):
        return Reminded()
    one = known or _new_round(left, now)
    one.left_at = max(one.left_at, left.at)
    number = rules.due_letter(left_at=one.left_at, told=one.told, told_at=one.told_at, now=now)
    if why := _why_not(one, left) if number else None:
        if known:
            end(one, why)
        return Reminded()
    found = queries.what_is_there(left) if number and not queries.is_buying(left) else None
    if found is None:
        if known:
            one.save(update_fields=["left_at"])
        return Reminded()
    one.told, one.told_at = number, now
    one.save()
    if number == len(rules.WAITS):
        end(one, Why.TOLD)
    if one.is_held_out:
        return Reminded(begun=int(known is None))
    cart, pieces = found
    notifications.send_message(messages.reminder(one, cart, pieces, number=number))
    return Reminded(begun=int(known is None), written=1)


def _new_round(left: Left, now: datetime) -> Round:
    share, secret = settings.REMINDERS_HELD_OUT_PERCENT, settings.SECRET_KEY.encode()
    return Round(
        address=left.address,
        customer_id=left.customer_id,
        is_held_out=rules.is_held_out(left.address, percent=share, secret=secret),
        opened_at=now,
        left_at=left.at,
    )


def _why_not(one: Round, left: Left) -> Why | None:
    """Why this person gets no more letters."""
    since = min(one.opened_at, one.left_at) - rules.LATELY
    if queries.is_done_buying(left, since=since):
        return Why.BOUGHT
    return None if _is_welcome(left) else Why.UNWANTED


def _is_welcome(left: Left) -> bool:
    """Whether they want letters about baskets. A customer who never said anything is taken to, once and on record, so
    that the way out of the first letter ends it."""
    wish = Wish(left.address, Topic.REMINDERS)
    if not letters.has_answered(wish) and left.customer_id:
        user = User.objects.get(pk=left.customer_id)
        if user.email.lower() == left.address and queries.is_customer(user):
            notifications.assume_consent(wish, source="customer")
    return letters.is_welcome(wish)
