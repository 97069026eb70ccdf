"""`manage.py worker`: run the jobs in the foreground, as the container does."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from psycopg_pool import AsyncConnectionPool

from kidspetite.foundation.plumbing.connections import line_of_jobs, refuse_closed_line, without_transactions


class Command(BaseCommand):
    help = "Run the jobs (mails, pictures, lapsed holds, payments being asked about) until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        # Its own lines go past a pooler, for it waits by LISTEN; what a job does goes Django's way.
        app.connector.get_worker_connector = lambda: PsycopgConnector(kwargs=line_of_jobs(), pool_factory=_lines)
        call_command("procrastinate", "worker")


def _lines(**told: Any) -> AsyncConnectionPool:
    return AsyncConnectionPool(**(told | {"check": refuse_closed_line, "configure": without_transactions}))
