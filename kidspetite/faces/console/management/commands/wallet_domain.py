"""Registers the shop's domain for Apple Pay, Google Pay and Link."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.sales.payments import operations as payments


class Command(BaseCommand):
    help = "Register this shop's domain, or another, with Stripe, so that wallets are shown on it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("domain", nargs="?", default=urlsplit(settings.BASE_URL).hostname)
        parser.add_argument("--json", action="store_true", help="machine-readable")

    def handle(self, *args: Any, domain: str, **options: Any) -> None:
        try:
            found = payments.register_wallet_domain(domain)
        except DomainError as error:
            raise CommandError(f"{error.code}: {error.facts.get('why', error.message)}") from error
        if options["json"]:
            self.stdout.write(json.dumps({"domain": domain, **found}))
            return
        for wallet, status in found.items():
            self.stdout.write(f"{domain}  {wallet}  {status}")
