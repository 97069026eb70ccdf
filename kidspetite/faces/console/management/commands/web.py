"""`manage.py web`: serve the shop in the foreground, as the container does."""

from __future__ import annotations

import os
import tempfile
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kidspetite.faces.console.starting import THRIFT, web_command
from kidspetite.faces.edge.all_processes import FOLDER as FOLDER_OF_FIGURES


class Command(BaseCommand):
    help = "Serve the shop with granian in the foreground (production; ./shop up does it for a try)."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="0.0.0.0", help="address to listen on")  # nosec B104 - a container's only door
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--drain",
            type=float,
            default=5.0,
            metavar="SECONDS",
            help="when asked to stop, say so on /readyz for so long and go on answering (default %(default)s)",
        )
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes, one a core")

    def handle(self, *args: Any, host: str, port: int, workers: int, drain: float, **options: Any) -> None:
        command = web_command(host, port, workers=workers, patience_seconds=10, drain_seconds=drain)
        own = THRIFT | {FOLDER_OF_FIGURES: tempfile.mkdtemp(prefix="kidspetite-figures-")}
        os.execve(command[0], command, own | os.environ)  # nosec B606 - our own interpreter, no shell
