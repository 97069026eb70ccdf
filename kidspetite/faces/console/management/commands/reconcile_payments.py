import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from kidspetite.sales.payments import operations as payments


class Command(BaseCommand):
    help = "Ask the providers about payments without an outcome, finish or refund their orders. Harmless when repeated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", action="store_true", help="also the youngest, without waiting their time out")
        parser.add_argument("--json", action="store_true")

    def handle(self, *arguments: Any, **options: Any) -> None:
        found = payments.reconcile_now() if options["now"] else payments.reconcile()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found)))
        else:
            self.stdout.write(
                f"Asked about {found.asked} payments: {found.finished} finished, {found.given_up} given up,"
                f" {found.refunds_sent} refunds sent, {found.heard} heard of late."
            )
