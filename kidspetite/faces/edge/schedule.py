"""Whoever calls by the clock, such as Vercel's cron: proved by a secret, and let do what the worker does by itself."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpRequest
from procrastinate.contrib.django import app

from kidspetite.faces.edge.errors import CronSecretNeeded, CronSecretWrong, NoSuchJob
from kidspetite.faces.edge.shopper import bearer_token
from kidspetite.foundation.kernel import clock


def bears_secret(request: HttpRequest) -> bool:
    """Whether a call carries CRON_SECRET; compared in the same time however much of it is right."""
    given, secret = bearer_token(request) or "", settings.CRON_SECRET
    return bool(secret) and hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def check_secret(request: HttpRequest) -> None:
    """Raises CronSecretNeeded for a call without a bearer secret, CronSecretWrong for one with another."""
    if not bearer_token(request):
        raise CronSecretNeeded()
    if not bears_secret(request):
        raise CronSecretWrong()


def job_names() -> list[str]:
    """What the clock starts, by the names of its doors."""
    return sorted(_jobs())


def run_job(name: str) -> None:
    """Do what this job does, here and now. It takes all that is due and bears being run twice, late, or beside a worker
    that runs it too. Raises NoSuchJob."""
    run = _jobs().get(name)
    if run is None:
        raise NoSuchJob()
    (async_to_sync(run) if iscoroutinefunction(run) else run)(timestamp=int(clock.now().timestamp()))


def _jobs() -> dict[str, Callable[..., Any]]:
    tasks = app.periodic_registry.periodic_tasks
    return {periodic_id.replace(" ", "-"): task.task.func for (_, periodic_id), task in tasks.items()}
