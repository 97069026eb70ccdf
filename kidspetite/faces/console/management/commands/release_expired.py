import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kidspetite.goods.inventory import operations as inventory


class Command(BaseCommand):
    help = "End all holds that are past their time now. The worker does this every ten seconds by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *arguments: Any, **options: Any) -> None:
        released = 0
        while some := inventory.release_expired():
            released += some
        self.stdout.write(json.dumps({"released": released}) if options["json"] else f"Released {released} holds.")
