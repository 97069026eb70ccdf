from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings


def briefly[Told](ask: Callable[[], Told]) -> Callable[[], Told]:
    """Ask at most once in FACTS_KEPT_SECONDS and process, and give the same frozen answer meanwhile.

    For facts that the owner changes and every price needs; nobody is charged by an old one unseen, because a total is
    compared with the one that was shown. Two threads may ask at once, and that is harmless.
    """
    kept: list[tuple[float, Told]] = []

    def answer() -> Told:
        now = time.monotonic()
        if kept and now - kept[0][0] < settings.FACTS_KEPT_SECONDS:
            return kept[0][1]
        told = ask()
        kept[:] = [(now, told)]
        return told

    return answer
