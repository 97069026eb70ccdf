from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kidspetite.faces.console.demo.catalogue import load_catalogue
from kidspetite.faces.console.demo.shopkeeping import load_pages, load_people, load_shop
from kidspetite.faces.console.logins import DEMO_LOGINS
from kidspetite.faces.console.seeding.bulk import make_variations
from kidspetite.faces.console.seeding.goods import make_goods
from kidspetite.faces.console.seeding.orders import make_orders
from kidspetite.faces.console.seeding.people import make_people
from kidspetite.faces.console.seeding.progress import teller
from kidspetite.faces.console.seeding.promotions import make_promotions
from kidspetite.faces.console.seeding.shopkeeping import make_pages, make_settings


class Command(BaseCommand):
    help = "Fill the shop with demo goods, people and orders. The same again for the same seed; what is there stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=int, default=0, help="at least so many products, up to 100,000 and more")
        parser.add_argument("--orders", type=int, default=40, help="so many demo orders")
        parser.add_argument("--seed", type=int, default=7, help="what is left to chance follows from this number")
        parser.add_argument("--no-logins", action="store_true", help="leave the logins to whoever asked for the seed")
        parser.add_argument("--json", action="store_true", help="one JSON object at the end and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        tell = teller(quiet=options["json"], out=self.stdout._out)  # type: ignore[arg-type]
        demo, people, seed = load_catalogue(), load_people(), options["seed"]
        made = {
            "settings": make_settings(load_shop()),
            "pages": make_pages(load_pages()),
            "people": make_people(people),
            "products": make_goods(demo, seed=seed, teller=tell),
            "variations": make_variations(demo, count=options["products"], seed=seed, teller=tell),
            "promotions": make_promotions(),
            "orders": make_orders(people, count=options["orders"], seed=seed, teller=tell),
        }
        seconds = round(time.monotonic() - began, 1)
        if options["json"]:
            logins = [{"role": login.role, "email": login.email, "password": login.password} for login in DEMO_LOGINS]
            self.stdout.write(json.dumps({"made": made, "seconds": seconds, "logins": logins}))
            return
        new = ", ".join(f"{count:,} {what}" for what, count in made.items() if count)
        self.stdout.write(f"The demo shop is ready ({new or 'nothing was missing'}; {seconds} s).")
        for login in () if options["no_logins"] else DEMO_LOGINS:
            self.stdout.write(f"  {login.role:<12}{login.email:<34}{login.password}")
