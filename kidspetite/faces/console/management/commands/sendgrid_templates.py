"""Writes our letters as SendGrid's dynamic templates, and looks through those that are switched on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.notifications import operations as notifications


class Command(BaseCommand):
    help = "push: write every letter, or those named, as a template at SendGrid. check: look through those in use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["push", "check"])
        parser.add_argument("kinds", nargs="*", metavar="KIND", help="such as order-shipped; default: all")

    def handle(self, *args: Any, what: str, kinds: list[str], **options: Any) -> None:
        try:
            (self._push if what == "push" else self._check)(kinds)
        except DomainError as error:
            told = ", ".join(f"{name}: {fact}" for name, fact in error.facts.items())
            raise CommandError(f"{error.code}: {error.message} {told}".strip()) from error

    def _push(self, kinds: list[str]) -> None:
        written = notifications.push_templates(kinds)
        self.stderr.write("Written. These lines in the environment switch them on:")
        for kind, template_id in written.items():
            self.stdout.write(f"{_setting(kind)}={template_id}")

    def _check(self, kinds: list[str]) -> None:
        reports = [one for one in notifications.check_templates() if not kinds or one.kind in kinds]
        for one in reports:
            self.stdout.write(f"{_setting(one.kind)}={one.template_id}  {one.fault or 'fine'}")
            for field in one.unknown:
                self.stdout.write(f"  {{{{{field}}}}} is in no such letter; there are: {', '.join(one.known)}")
        if any(one.fault or one.unknown for one in reports):
            raise CommandError("Some templates need another look.")


def _setting(kind: str) -> str:
    return f"SENDGRID_TEMPLATE_{kind.replace('-', '_').upper()}"
