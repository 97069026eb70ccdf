"""Noticing that a kind of page has become slow, once a spell, and telling whoever of the team wants to know."""

from __future__ import annotations

from django.db import transaction

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.vitals import messages, queries, rules
from kidspetite.foundation.vitals.errors import SpeedNewsUnclear
from kidspetite.foundation.vitals.models import SlowSpell, SpeedNews

How = SpeedNews.How


@transaction.atomic
def choose_speed_news(user: User, how: str) -> None:
    """Whether somebody of the team wants to hear of slow pages. Raises SpeedNewsUnclear for what is no choice."""
    if how not in How.values:
        raise SpeedNewsUnclear()
    SpeedNews.objects.update_or_create(user=user, defaults={"how": how})
    audit.record(actor=f"user:{user.pk}", verb="vitals.choose_speed_news", subject=f"user:{user.pk}", how=how)


@transaction.atomic
def note_slow_pages() -> int:
    """Open a spell for each kind of page that has become slow, and end those that are over; gives the new ones' number.

    Too few visits change nothing, none at all end a spell. However often it runs, one spell is one row: an open one is
    unique.
    """
    standing = {(spell.page, spell.vital): spell.pk for spell in queries.open_spells()}
    new, over = [], []
    for one in queries.watched():
        key, is_slow = (one.page.value, one.now.vital.value), rules.is_slow(one.now)
        if is_slow and key not in standing:
            new.append(SlowSpell(page=key[0], vital=key[1], since=clock.now()))
        elif key in standing and (is_slow is False or not one.now.visits):
            over.append(standing[key])
    SlowSpell.objects.filter(pk__in=over).update(ended_at=clock.now())
    SlowSpell.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def tell_of_slow_pages() -> int:
    """Write to everybody who is due; gives how many letters. Twice it tells nothing twice."""
    return sum(_tell(reader) for reader in queries.readers())


@transaction.atomic
def _tell(reader: User) -> bool:
    """Locks how far they were told. One letter a day at most: what becomes slow after it is told tomorrow, if it still
    is then."""
    row, _new = SpeedNews.objects.select_for_update().get_or_create(user=reader)
    today = queries.today()
    spells = queries.open_spells(after=row.told)
    if row.told_on == today or not spells:
        return False
    slow = {(spell.page, spell.vital) for spell in spells}
    pages = [one for one in queries.watched() if (one.page.value, one.now.vital.value) in slow]
    notifications.send_message(messages.slow_pages(pages, reader, day=today))
    row.told, row.told_on = spells[-1].pk, today
    row.save(update_fields=["told", "told_on"])
    return True
