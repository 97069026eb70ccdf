from __future__ import annotations

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

BENCHES = {
    "whole": "every page and call as one table; so it is without a name, too",
    "checkout": "whole guest checkouts a second, over HTTP",
    "gateway": "browsing while a slow gateway keeps eight shoppers waiting",
    "stock": "holds a second, on many SKUs and on one, against bare pgbench",
    "quote": "one quote of ten lines with 200 promotions",
    "profile": "where the processor time of a request goes, in one process",
    "lighthouse": "every kind of page as a phone sees it, by Lighthouse",
    "catalog": "lists, search and suggestions of a running shop",
}


class Command(BaseCommand):
    help = "Measure the shop on this machine: " + "; ".join(f"{name} ({what})" for name, what in BENCHES.items())
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(BENCHES), help="without a name, the whole table")
        parser.add_argument("rest", nargs="...", help="what that bench takes, such as --json; NAME --help tells")

    def run_from_argv(self, argv: list[str]) -> None:
        """What follows the name belongs to the bench, also where it looks like an option of Django's. Without a name
        everything does: that is the whole table."""
        if len(argv) == 2 or argv[2].startswith("-"):
            argv = [*argv[:2], "whole", *argv[2:]]
        if len(argv) > 3 and argv[2] in BENCHES:
            argv = [*argv[:3], "--", *argv[3:]]
        super().run_from_argv(argv)

    def handle(self, *arguments: Any, **options: Any) -> None:
        if not (settings.BASE_DIR / "benchmarks").is_dir():
            raise CommandError("The folder benchmarks is not part of this installation.")
        rest = options["rest"][1:] if options["rest"][:1] == ["--"] else options["rest"]
        command = [sys.executable, "-m", f"benchmarks.{options['name']}", *rest]
        if code := subprocess.call(command, cwd=settings.BASE_DIR):
            raise SystemExit(code)
