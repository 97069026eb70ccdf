"""Processes of this machine, known by their number and their birth, for numbers are given again."""

from __future__ import annotations

import psutil

# The system tells births by the time of day, which is put right by a second every now and then; nobody gets the number
# of a process that was born so shortly before.
PUT_RIGHT_SECONDS = 3


def birth_of(pid: int) -> float:
    """Seconds since 1970. Raises psutil.NoSuchProcess."""
    return float(psutil.Process(pid).create_time())


def living(pid: int, *, born: float) -> psutil.Process | None:
    """The process of this number, if it is the one that was born then and has not ended."""
    try:
        process = psutil.Process(pid)
        is_that = abs(process.create_time() - born) < PUT_RIGHT_SECONDS
        return process if is_that and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None
