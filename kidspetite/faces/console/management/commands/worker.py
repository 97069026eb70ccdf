"""`manage.py worker`: run the jobs in the foreground, as the container does."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app

from kidspetite.foundation.plumbing.connections import direct_line

NOT_PSYCOPGS = {"cursor_factory", "context"}


class Command(BaseCommand):
    help = "Run the jobs (mails, pictures, lapsed holds, payments being asked about) until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        # Its own lines go past a pooler, for it waits by LISTEN; what a job does goes Django's way.
        line = {name: value for name, value in direct_line().items() if name not in NOT_PSYCOPGS}
        app.connector.get_worker_connector = lambda: PsycopgConnector(kwargs=line)
        call_command("procrastinate", "worker")
