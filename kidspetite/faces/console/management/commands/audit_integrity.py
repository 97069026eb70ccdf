import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from kidspetite.faces.console.audit import audit, rooms_that_promise


class Command(BaseCommand):
    help = "Recompute the shop's promises from base rows; exit code 1, with the offending ids, if one is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *arguments: Any, **options: Any) -> None:
        broken = audit()
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not broken, "broken": [asdict(one) for one in broken]}, indent=2))
        elif broken:
            for one in broken:
                self.stdout.write(f"BROKEN  {one.promise}: {one.detail}\n        {', '.join(one.ids)}")
        else:
            self.stdout.write(f"All promises kept, in {len(rooms_that_promise())} rooms.")
        if broken:
            raise SystemExit(1)
