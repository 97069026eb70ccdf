import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from kidspetite.faces.console.checkup import examine


class Command(BaseCommand):
    help = "Look over settings, database, jobs, disk, mail and model end dates; exit code 1 if anything failed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *arguments: Any, **options: Any) -> None:
        findings = examine()
        is_fine = all(finding.status != "failed" for finding in findings)
        if options["json"]:
            self.stdout.write(
                json.dumps({"ok": is_fine, "checks": [asdict(finding) for finding in findings]}, indent=2)
            )
        else:
            for finding in findings:
                self.stdout.write(f"{finding.status:<9}{finding.name:<20}{finding.detail}")
        if not is_fine:
            raise SystemExit(1)
