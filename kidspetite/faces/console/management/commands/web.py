"""`manage.py web`: serve the shop in the foreground, as the container does."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Serve the shop with granian in the foreground (production; ./shop up does it for a try)."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="0.0.0.0", help="address to listen on")  # nosec B104 - a container's only door
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes, one a core")

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
            "--workers", str(workers), "--blocking-threads", "4", "--respawn-failed-workers",
            "--workers-kill-timeout", "10", "kidspetite.config.wsgi:application",
        ]  # fmt: skip
        os.execv(sys.executable, command)  # nosec B606 - our own interpreter, no shell
