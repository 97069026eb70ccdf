from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any

import structlog

from kidspetite.foundation.plumbing import http
from kidspetite.foundation.plumbing.cdn import CdnBusy

log = structlog.get_logger(__name__)

# Limits of 2026: a hundred tags in one call; the smallest plan allows five calls a minute after a burst of 25. Beyond
# so many calls one that drops everything is kinder to both sides.
TAGS_A_CALL = 100
MOST_CALLS = 10
TOO_MANY = 429
SECONDS_AFTER_TOO_MANY = 12


class CloudflareCdn:
    """The Cdn port over Cloudflare's purge API. After a 429 it asks nothing until the time that it was told."""

    code = "cloudflare"

    def __init__(self, *, token: str, zone_id: str, api_base: str, timeout: float = 10.0) -> None:
        self._http = http.client(api_base, timeout=timeout, headers={"Authorization": f"Bearer {token}"})
        self._path = f"zones/{zone_id}/purge_cache"
        self._quiet_until = 0.0

    def purge(self, tags: Sequence[str]) -> None:
        calls = [list(some) for some in batched(dict.fromkeys(tags), TAGS_A_CALL)]
        if len(calls) > MOST_CALLS:
            return self.purge_everything()
        for some in calls:
            self._ask({"tags": some})
        return None

    def purge_everything(self) -> None:
        self._ask({"purge_everything": True})

    def _ask(self, what: Mapping[str, Any]) -> None:
        if time.monotonic() < self._quiet_until:
            raise CdnBusy("Cloudflare asked us to wait")
        try:
            answer = self._http.post(self._path, json=what)
            told = answer.json()
        except (http.Failed, ValueError) as fault:
            raise CdnBusy(type(fault).__name__) from fault
        if answer.status_code == TOO_MANY:
            wait = answer.headers.get("Retry-After", "")
            self._quiet_until = time.monotonic() + (int(wait) if wait.isdecimal() else SECONDS_AFTER_TOO_MANY)
            raise CdnBusy("Cloudflare: too many calls")
        if not (isinstance(told, dict) and told.get("success") is True):
            # A wrong token or zone does not mend itself; the job that keeps failing is what staff see.
            log.error("cloudflare_refuses_us", status=answer.status_code, errors=_codes(told))
            raise CdnBusy(f"Cloudflare {answer.status_code}")


def _codes(told: Any) -> list[Any]:
    errors = told.get("errors") if isinstance(told, dict) else None
    return [error.get("code") for error in errors or [] if isinstance(error, dict)]
