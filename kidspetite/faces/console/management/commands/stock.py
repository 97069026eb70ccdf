import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.types import StockFacts

SHOWN = ("sku", "on_hand", "reserved", "available")


class Command(BaseCommand):
    help = "Show what lies on the shelf of one SKU, or say how many pieces were counted there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sku")
        parser.add_argument("--set", type=int, metavar="N", help="the number of pieces counted")
        parser.add_argument("--reason", default="counted", help="why the number changes; kept in the ledger")
        parser.add_argument("--json", action="store_true")

    def handle(self, *arguments: Any, **options: Any) -> None:
        try:
            facts = stock.stock_facts(options["sku"])
            if options["set"] is not None:
                facts = inventory.set_stock(
                    facts.variant_id, on_hand=options["set"], reason=options["reason"], by="console"
                )
        except DomainError as error:
            self._refuse(error, as_json=options["json"])
        self._show(facts, as_json=options["json"])

    def _show(self, facts: StockFacts, *, as_json: bool) -> None:
        shown = {name: value for name, value in asdict(facts).items() if name in SHOWN}
        if as_json:
            self.stdout.write(json.dumps(shown))
        else:
            self.stdout.write(
                f"{facts.sku}: {facts.on_hand} on hand, {facts.reserved} reserved, {facts.available} available"
            )

    def _refuse(self, error: DomainError, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"code": error.code, "detail": str(error), "facts": dict(error.facts)}))
        else:
            self.stderr.write(f"{error} ({error.code})")
        raise SystemExit(1)
