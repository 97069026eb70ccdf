"""`manage.py worker`: run the jobs in the foreground, as the container does."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run the jobs (mails, pictures, lapsed holds, payments being asked about) until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("procrastinate", "worker")
