"""Which problems an operation may answer with, for its description."""

from __future__ import annotations

from kidspetite.faces.api.shapes import Problem

EVERYWHERE = (400, 403, 413, 429, 500, 503)


def refusals(*statuses: int) -> dict[int, type[Problem]]:
    """The problems of one operation, beside those that any may answer with."""
    return dict.fromkeys(sorted({*EVERYWHERE, *statuses}), Problem)
