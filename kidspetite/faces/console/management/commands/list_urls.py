import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from kidspetite.faces.console.addresses import addresses


class Command(BaseCommand):
    help = "List every address of the shop with its name, methods and who may use it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *arguments: Any, **options: Any) -> None:
        found = addresses()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(address) for address in found], indent=2))
            return
        for address in found:
            self.stdout.write(
                f"{address.path:<60} {','.join(address.methods):<28} {address.who:<26} {address.name or ''}"
            )
