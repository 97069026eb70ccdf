"""Which of our own commands `manage.py` hands over before Django is loaded."""

import sys

from kidspetite.faces.console.surroundings import Surroundings
from kidspetite.foundation.plumbing.postgres import ServerFailed


class Refused(Exception):
    """A command can't go on; the message says why and what to do."""


def run(name: str, arguments: list[str], here: Surroundings) -> int:
    """Run one of up, dev, test, check; gives the exit code."""
    from kidspetite.faces.console import starting, suite

    commands = {"up": starting.up, "dev": starting.dev, "test": suite.test, "check": suite.check}
    try:
        return commands[name](arguments, here)
    except (Refused, ServerFailed) as refusal:
        print(refusal, file=sys.stderr)
        return 1
