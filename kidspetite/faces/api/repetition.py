"""Repetition is harmless: one decorator over every operation gives `Idempotency-Key` its meaning."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException

from kidspetite.faces.api.clients import is_known, scope_of
from kidspetite.faces.api.errors import KeyGuessable, KeyUnfit
from kidspetite.faces.edge.answers import answer
from kidspetite.faces.edge.errors import Unreadable
from kidspetite.faces.edge.problem import CONTENT_TYPE as PROBLEM
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.plumbing import idempotency
from kidspetite.foundation.plumbing.errors import KeyMissing
from kidspetite.foundation.plumbing.idempotency import Replay, Ticket

HEADER = "Idempotency-Key"
UNGUESSABLE = 16
NEEDED_BY = ("/api/checkout",)
NEVER_BY = ("/api/vitals",)
SAFE = ("GET", "HEAD", "OPTIONS")
DONE = "done"

type Run = Callable[..., HttpResponse]


def repeatable(run: Run) -> Run:
    """Answer an unsafe call once for each key, client and path.

    The same body again gets the stored answer, another body KeyReused, a twin of a call still at work InFlight. Where
    a key is needed and missing: KeyMissing. The view finds its `Ticket` with `ticket_of`.
    """

    @wraps(run)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in SAFE or request.path in NEVER_BY:
            return run(request, *args, **kwargs)
        try:
            key = _key_of(request)
            claim = key and _claim(request, key)
        except DomainError as error:
            return answer(request, error)
        if not claim:
            return run(request, *args, **kwargs)
        return _replayed(claim) if isinstance(claim, Replay) else _run_once(run, request, claim, args, kwargs)

    return once


def key_of(request: HttpRequest) -> str:
    return request.headers[HEADER]


def ticket_of(request: HttpRequest) -> Ticket | None:
    """The claim of the call being answered, so that a command can note in it what it opens."""
    return getattr(request, "idempotency_ticket", None)


def do_once[Done](request: HttpRequest, command: Callable[[], Done]) -> Done | None:
    """Run a command that would do more when it is run again, unless an attempt under the same key has done it: that is
    noted in the command's own transaction, so that a process may die at any moment. Gives what the command gave."""
    ticket = ticket_of(request)
    if ticket is None:
        return command()
    if ticket.subject:
        return None
    with transaction.atomic():
        done = command()
        idempotency.note_subject(ticket, DONE)
    return done


def _claim(request: HttpRequest, key: str) -> Ticket | Replay:
    return idempotency.begin(scope=scope_of(request), path=_path_of(request), key=key, body=_body_of(request))


def _run_once(run: Run, request: HttpRequest, ticket: Ticket, args: Any, kwargs: Any) -> HttpResponse:
    request.idempotency_ticket = ticket  # type: ignore[attr-defined]
    try:
        response = run(request, *args, **kwargs)
    except BaseException:
        idempotency.give_back(ticket)
        raise
    idempotency.finish(ticket, status=response.status_code, answer=response.content)
    return response


def _replayed(stored: Replay) -> HttpResponse:
    kind = PROBLEM if stored.status >= 400 else "application/json; charset=utf-8"
    return HttpResponse(stored.answer, status=stored.status, content_type=kind, headers={"Idempotent-Replayed": "true"})


def _body_of(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RawPostDataException as fault:  # a form where JSON belongs
        raise Unreadable() from fault


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get(HEADER)
    if key is None:
        if request.path in NEEDED_BY:
            raise KeyMissing()
        return ""
    if not (0 < len(key) <= 255 and key.isascii() and key.isprintable() and key.strip()):
        raise KeyUnfit()
    if len(key) < UNGUESSABLE and not is_known(request):
        raise KeyGuessable()
    return key


def _path_of(request: HttpRequest) -> str:
    """The method counts too: `DELETE` of a path is another call than `POST` to it."""
    return f"{request.method} {request.get_full_path()}"
