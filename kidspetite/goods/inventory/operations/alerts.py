"""Noticing what runs low, once a crossing, and telling whoever of the team wants to know."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.plumbing import audit
from kidspetite.goods.inventory import messages
from kidspetite.goods.inventory.errors import BadCount, LowNewsUnclear
from kidspetite.goods.inventory.models import LowMark, LowStock, LowStockChoice
from kidspetite.goods.inventory.queries import alerts
from kidspetite.goods.inventory.rules import MOST_ON_A_SHELF, last_morning

How = LowStockChoice.How


@transaction.atomic
def set_low_mark(variant_id: int, pieces: int | None, *, by: str) -> None:
    """At how many pieces on hand a variant runs low; None gives it back to the shop's own number. Raises BadCount."""
    if pieces is None:
        LowMark.objects.filter(variant_id=variant_id).delete()
    elif not 0 <= pieces <= MOST_ON_A_SHELF:
        raise BadCount(
            "low_at", _("Give a number of pieces from %(least)d to %(most)d.") % {"least": 0, "most": MOST_ON_A_SHELF}
        )
    else:
        LowMark.objects.update_or_create(variant_id=variant_id, defaults={"pieces": pieces})
    audit.record(actor=by, verb="inventory.set_low_mark", subject=f"variant:{variant_id}", pieces=pieces)


@transaction.atomic
def choose_low_news(user: User, how: str) -> None:
    """How somebody of the team wants to hear of what runs low. Raises LowNewsUnclear for what is no choice."""
    if how not in How.values:
        raise LowNewsUnclear()
    LowStockChoice.objects.update_or_create(user=user, defaults={"how": how})
    audit.record(actor=f"user:{user.pk}", verb="inventory.choose_low_news", subject=f"user:{user.pk}", how=how)


@transaction.atomic
def note_low_stock() -> int:
    """Open a crossing for whatever has fallen to its mark, end those that are above it again; gives the new ones'
    number. However often it runs, one fall is one crossing: the row of an open one is unique."""
    now, low = clock.now(), alerts.low_now()
    standing = set(LowStock.objects.filter(ended_at=None).values_list("variant_id", flat=True))
    LowStock.objects.filter(ended_at=None, variant_id__in=standing - low).update(ended_at=now)
    new = sorted(low - standing)
    LowStock.objects.bulk_create([LowStock(variant_id=pk, since=now) for pk in new], ignore_conflicts=True)
    return len(new)


def tell_of_low_stock() -> int:
    """Write to everybody who is due; gives how many letters. Late it tells all that was missed, twice nothing twice."""
    morning = last_morning(clock.now(), content.shop_zone())
    return sum(_tell(reader, morning) for reader in alerts.readers())


@transaction.atomic
def _tell(reader: User, morning: datetime) -> bool:
    """Locks how far they were told. A crossing that has ended before is not worth a letter any more."""
    row, _new = LowStockChoice.objects.select_for_update().get_or_create(user=reader)
    if alerts.choice_of(reader) == How.DAILY:
        if row.told_at is not None and row.told_at >= morning:
            return False
        row.told_at = morning
    crossings = alerts.open_crossings(after=row.told)
    if crossings:
        row.told = crossings[-1].pk
        ids = [crossing.variant_id for crossing in crossings]
        shelves = alerts.alerts_of(alerts.watched().filter(pk__in=ids))
        if shelves:
            notifications.send_message(messages.low_stock(shelves, reader, crossing=row.told))
    row.save(update_fields=["told", "told_at"])
    return bool(crossings)
