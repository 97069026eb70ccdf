"""Repetition is harmless: one answer per client, path and key, kept for 24 hours.

A mark is written without waiting for the disk: the database flushes its log in order, so whatever a call commits after
its mark takes the mark with it, and a mark that a crash loses is one of a call that did nothing. Answers are durable.
"""

from __future__ import annotations

import hashlib
import os
import socket
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.errors import InFlight, KeyReused
from kidspetite.foundation.plumbing.models import IdempotencyRecord
from kidspetite.foundation.plumbing.processes import birth_of, living
from kidspetite.foundation.plumbing.recipes import ask_kept

KEPT = timedelta(hours=24)
IN_FLIGHT_AT_MOST = timedelta(seconds=60)
TRIES = 3


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to answer this key. `subject` is what an earlier, broken attempt had already opened."""

    record_id: int
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Replay:
    """The answer this key has already got."""

    status: int
    answer: bytes


# The first to come with a key, who is nearly everybody, needs one statement and no transaction.
CLAIM = """
insert into plumbing_idempotencyrecord (scope, path, key, body_hash, holder, started_at, subject, expires_at)
values (%s, %s, %s, %s, %s, %s, '', %s) on conflict (scope, path, key) do nothing
returning id, set_config('synchronous_commit', 'off', true)
"""
OPENED = "update plumbing_idempotencyrecord set subject = %s where id = %s"
ANSWERED = """
update plumbing_idempotencyrecord set status = %s, answer = %s, holder = '' where id = %s
"""


def begin(*, scope: str, path: str, key: str, body: bytes) -> Ticket | Replay:
    """Claim a key, or get its stored answer.

    Raises KeyReused for another body, InFlight while a living twin is at work. A mark whose process died, or that is
    older than 60 s, is taken over, with the subject it had opened.
    """
    body_hash, now = hashlib.sha256(body).hexdigest(), clock.now()
    fresh = IdempotencyRecord(
        scope=scope[:80], path=path[:200], key=key, body_hash=body_hash,
        holder=_this_process(), started_at=now, expires_at=now + KEPT,
    )  # fmt: skip
    if claimed := _claim(fresh):
        return Ticket(claimed)
    return _met(fresh)


def _claim(fresh: IdempotencyRecord) -> int | None:
    told = (fresh.scope, fresh.path, fresh.key, fresh.body_hash, fresh.holder, fresh.started_at, fresh.expires_at)
    return next((claimed for claimed, _ in ask_kept(CLAIM, told)), None)


@transaction.atomic
def _met(fresh: IdempotencyRecord) -> Ticket | Replay:
    """Somebody came with this key before."""
    now = fresh.started_at
    same = IdempotencyRecord.objects.filter(scope=fresh.scope, path=fresh.path, key=fresh.key)
    same.filter(expires_at__lte=now).delete()
    row = _claimed(fresh)
    if row.body_hash != fresh.body_hash:
        raise KeyReused()
    if row.status is not None:
        return Replay(row.status, bytes(row.answer or b""))
    ours = row.holder == fresh.holder and row.started_at == now
    if ours:
        return Ticket(row.pk)
    if row.holder and now - row.started_at < IN_FLIGHT_AT_MOST and _is_alive(row.holder):
        raise InFlight()
    row.holder, row.started_at = fresh.holder, now
    row.save(update_fields=["holder", "started_at"])
    return Ticket(row.pk, row.subject)


def note_subject(ticket: Ticket, subject: str) -> None:
    """Remember, in the caller's transaction, what this key opened, so that a retry continues it."""
    ask_kept(OPENED, (subject, ticket.record_id))


def finish(ticket: Ticket, *, status: int, answer: bytes) -> None:
    """Store the answer when it is one to repeat (2xx and 402); otherwise give the key back."""
    if 200 <= status < 300 or status == 402:
        ask_kept(ANSWERED, (status, answer, ticket.record_id))
    else:
        give_back(ticket)


def give_back(ticket: Ticket) -> None:
    """Let the next attempt take this key; what it opened stays known."""
    IdempotencyRecord.objects.filter(pk=ticket.record_id, subject="", status=None).delete()
    IdempotencyRecord.objects.filter(pk=ticket.record_id, status=None).update(holder="")


def _claimed(fresh: IdempotencyRecord) -> IdempotencyRecord:
    """The row of this key under lock, ours or that of whoever came first.

    A twin may give its row back between our insert and our look; then the key is free again, so we insert once more.
    """
    for _ in range(TRIES):
        IdempotencyRecord.objects.bulk_create([fresh], ignore_conflicts=True)
        same = IdempotencyRecord.objects.filter(scope=fresh.scope, path=fresh.path, key=fresh.key)
        if row := same.select_for_update().first():
            return row
    raise InFlight()


def _this_process() -> str:
    return _name_of(os.getpid())


@cache
def _name_of(pid: int) -> str:
    return f"{socket.gethostname()}:{pid}:{birth_of(pid):.0f}"


def _is_alive(holder: str) -> bool:
    host, pid, born = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return True  # another machine's process cannot be asked; the 60 s limit decides
    return living(int(pid), born=float(born)) is not None
