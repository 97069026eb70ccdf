"""publish() tells, on() listens. One job per event, deferred inside the transaction that made it true."""

from __future__ import annotations

import dataclasses
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from psycopg.types.json import Jsonb

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.events import WebhookReceived
from kidspetite.foundation.plumbing.models import HandledEvent, InboxEntry
from kidspetite.foundation.plumbing.recipes import Given, Recipe, ask_kept

log = structlog.get_logger(__name__)

type Handler = Callable[[Any], None]

_handlers: dict[str, list[tuple[str, Handler]]] = defaultdict(list)
_within: dict[str, list[Handler]] = defaultdict(list)
_callers_out: set[str] = set()
_events: dict[str, type] = {}


QUEUE, TASK = "events", "plumbing.run_event"
# On the publisher's own line, in a worker too: there procrastinate's own is another one, outside the transaction.
DEFER = """
select procrastinate_defer_jobs_v1(
    array[row(%s::text, %s::text, %s::int, null, null, %s::jsonb, %s::timestamptz)]::procrastinate_job_to_defer_v1[]
)
"""
# Done, if the handlers are: both are one transaction. A twin at work makes this wait, and then there is no row for us.
CLAIM = """
insert into plumbing_handledevent as row (event_id, handler, done) select %s::uuid, unnest(%s::text[]), true
on conflict (event_id, handler) do update set done = true where not row.done
returning handler
"""
# Of a handler that calls out and bears being run again, so it waits for no disk.
NOTE = CLAIM.rstrip() + ", set_config('synchronous_commit', 'off', true)"
_DONE = Recipe(
    lambda: HandledEvent.objects.filter(event_id=Given("event"), handler=Given("handler"), done=True).values_list("pk")
)


class HandlersFailed(Exception):
    """Some handlers of an event failed; the job is tried again and runs those only."""


def on[E, React: Callable[[Any], None]](event: type[E]) -> Callable[[React], React]:
    """Register a handler. It runs in a worker, once per event and handler, in a transaction: that of all handlers of
    the event, or its own when one of them fails. So it locks in the house order, and late."""

    def register(handler: React) -> React:
        _events[_name(event)] = event
        _handlers[_name(event)].append((f"{_room(handler.__module__)}.{handler.__name__}", handler))
        return handler

    return register


def calls_out[E](event: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a handler that talks to a provider. It runs in a worker, once per event, outside any transaction.

    It opens its own transactions before and after the call, and must bear being run again: a worker that dies
    between the call and the note leaves the event undone.
    """

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        _callers_out.add(f"{_room(handler.__module__)}.{handler.__name__}")
        return on(event)(handler)

    return register


def within[E, React: Callable[[Any], None]](event: type[E]) -> Callable[[React], React]:
    """Register what must leave with the commit itself, as the news that pages are old: it runs in publish(), in the
    publisher's transaction and process. One cheap statement at most; what it raises, the publisher gets."""

    def register(react: React) -> React:
        _within[_name(event)].append(react)
        return react

    return register


def publish(event: object, *, at: datetime | None = None) -> None:
    """Tell the rooms above, in the caller's transaction: the job exists exactly when the change does. Its handlers run
    soon, or from the moment `at` on, for what becomes true only then.

    Events are frozen dataclasses of JSON-able facts. Costs nothing when nobody listens. Raises RuntimeError
    outside a transaction. An event class may carry `priority` (higher runs first; 0 by default).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("publish() belongs inside the transaction it tells about")
    name = _name(type(event))
    for react in _within.get(name, ()):
        react(event)
    if not _handlers.get(name):
        return
    facts = dataclasses.asdict(event)  # type: ignore[call-overload]  # every event is a dataclass
    told = {"event": name, "event_id": str(uuid.uuid4()), "facts": facts}
    ask_kept(DEFER, (QUEUE, TASK, getattr(event, "priority", 0), Jsonb(told), at))


@app.task(
    name=TASK,
    queue=QUEUE,
    retry=RetryStrategy(max_attempts=12, exponential_wait=2),
)
def run_event(*, event: str, event_id: str, facts: dict[str, Any]) -> None:
    """Run all handlers of one event; those that already ran are skipped. After the last of them a webhook counts as
    handled.

    They share one transaction, and so one wait for the disk, for as long as none fails. When one does, all is taken
    back, and each runs in a transaction of its own.
    """
    fact = _events[event](**facts)
    inside = {name: handler for name, handler in _handlers[event] if name not in _callers_out}
    outside = {name: handler for name, handler in _handlers[event] if name in _callers_out}
    failed: list[Exception] = []
    if len(inside) > 1 and _ran_together(inside, fact, event_id):
        inside = {}
    for name, handler in [*inside.items(), *outside.items()]:
        try:
            (_run_outside if name in outside else _run_once)(name, handler, fact, event_id)
        except Exception as error:
            log.exception("handler_failed", event_name=event, handler=name)
            failed.append(error)
    if failed:
        raise HandlersFailed(event, [type(error).__name__ for error in failed]) from failed[0]
    if isinstance(fact, WebhookReceived):
        InboxEntry.objects.filter(pk=fact.entry_id, handled_at=None).update(handled_at=clock.now())


def _ran_together(handlers: Mapping[str, Handler], fact: object, event_id: str) -> bool:
    """False when one of them failed; then it is as if none had begun."""
    try:
        with transaction.atomic():
            _run_claimed(handlers, fact, event_id)
    except Exception:
        log.warning("handlers_run_alone", event_name=_name(type(fact)), exc_info=True)
        return False
    return True


def _run_once(name: str, handler: Handler, fact: object, event_id: str) -> None:
    with transaction.atomic():
        _run_claimed({name: handler}, fact, event_id)


def _run_claimed(handlers: Mapping[str, Handler], fact: object, event_id: str) -> None:
    claimed = {name for (name,) in ask_kept(CLAIM, (event_id, list(handlers)))}
    for name, handler in handlers.items():
        if name in claimed:
            handler(fact)


def _run_outside(name: str, handler: Handler, fact: object, event_id: str) -> None:
    if _DONE.rows(event=event_id, handler=name):
        return
    handler(fact)
    ask_kept(NOTE, (event_id, [name]))


def _name(event: type) -> str:
    return f"{_room(event.__module__)}.{event.__name__}"


def _room(module: str) -> str:
    return module.removeprefix("kidspetite.")
