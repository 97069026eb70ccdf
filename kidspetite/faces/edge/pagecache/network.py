"""Tells the network before the shop what the shop's own processes were told: noted with the change, sent by a job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from kidspetite.faces.edge.events import CdnNoted
from kidspetite.faces.edge.models import CdnNote
from kidspetite.faces.edge.pagecache.store import EVERYTHING
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.cdn import CdnBusy, cdn
from kidspetite.foundation.plumbing.publishing import publish

# A job that dies while it asks leaves its notes to the next one.
TAKEN_FOR = timedelta(seconds=20)


def note_for_cdn(tags: Sequence[str]) -> None:
    """Have these pages dropped there too, in the caller's transaction. Costs nothing where there is no such network."""
    if tags and cdn():
        publish(CdnNoted(CdnNote.objects.create(tags=list(tags)).pk))


def send_cdn_notes() -> int:
    """Send everything that is noted and that nobody else is sending, all together; returns how many notes.

    To be called outside of transactions. Raises CdnBusy, and the notes wait for the next call.
    """
    network = cdn()
    notes = _taken() if network else []
    if network is None or not notes:
        return 0
    tags = sorted({tag for note in notes for tag in note.tags})
    mine = CdnNote.objects.filter(pk__in=[note.pk for note in notes])
    try:
        network.purge_everything() if EVERYTHING in tags else network.purge(tags)
    except CdnBusy:
        mine.update(taken_until=None)
        raise
    mine.delete()
    return len(notes)


@transaction.atomic
def _taken() -> list[CdnNote]:
    now = clock.now()
    free = CdnNote.objects.filter(Q(taken_until=None) | Q(taken_until__lte=now))
    notes = list(free.select_for_update(skip_locked=True).order_by("pk"))
    CdnNote.objects.filter(pk__in=[note.pk for note in notes]).update(taken_until=now + TAKEN_FOR)
    return notes
