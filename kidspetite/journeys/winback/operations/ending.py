"""How rounds end, and what is kept of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.journeys.winback import rules
from kidspetite.journeys.winback.models import Round
from kidspetite.journeys.winback.types import Why


@one_transaction()
def note_purchase(*, email: str, customer_id: int | None, paid_at: datetime) -> None:
    """Somebody bought: their round ends and takes back what has not left, and it counts what became of it if that was
    within its week. Told twice or late it changes nothing more. Locks their rounds."""
    theirs = Q(address=email.lower())
    if customer_id:
        theirs |= Q(customer_id=customer_id)
    for one in Round.objects.select_for_update().filter(theirs, opened_at__gt=paid_at - rules.MEASURED).order_by("pk"):
        if one.bought_at is None and paid_at >= one.opened_at:
            one.bought_at = paid_at
        end(one, Why.BOUGHT)
        notifications.withdraw_messages(subject=one.subject_key)


def end(one: Round, why: Why) -> None:
    """Write no more letters of this round; one that has ended keeps its reason. Expects its lock."""
    if one.ended_at is None:
        one.ended_at, one.why = clock.now(), why
    one.save()


def end_late(now: datetime) -> None:
    """Rounds whose time has passed."""
    past = Q(left_at__lte=now - rules.TOO_LATE) | Q(opened_at__lte=now - rules.LONGEST)
    Round.objects.filter(past, ended_at=None).update(ended_at=now, why=Why.LATE)


def forget_rounds() -> int:
    """Forget whose rounds of more than 90 days ago were; their counts stay. Gives how many."""
    old = Round.objects.filter(opened_at__lte=clock.now() - rules.LOOKED_AT, ended_at__isnull=False)
    return old.exclude(address="").update(address="", customer=None)
