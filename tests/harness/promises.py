"""What a shop promises, recomputed from its rows when its tests are over."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from tests.harness.database import ROOT


class PromisesBroken(AssertionError):
    """A test left rows behind that no honest work leaves, or found a fault of the shop."""


def audit_of(environment: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Exit code and words of `audit_integrity --json`, run as its own process on the database of this environment."""
    done = subprocess.run(
        [sys.executable, "manage.py", "audit_integrity", "--json"],
        cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        raise PromisesBroken(f"the audit could not be run: {done.stderr[-4000:]}") from None


def see_that_promises_are_kept(environment: Mapping[str, str], *, database: str) -> None:
    """Raise PromisesBroken with every broken promise and its rows."""
    code, told = audit_of(environment)
    if code or told["broken"]:
        raise PromisesBroken(
            f"after its tests the database {database} breaks its promises:\n{json.dumps(told, indent=2)}"
        )
