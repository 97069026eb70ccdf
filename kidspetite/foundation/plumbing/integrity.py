"""Promises recomputed from base rows. Each room states its own; `audit_integrity` asks them all."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise in words, and a query that finds the rows breaking it: their id first, at most LISTED of them."""

    name: str
    detail: str
    breaches: str


@dataclass(frozen=True, slots=True)
class Broken:
    promise: str
    ids: tuple[str, ...]
    detail: str


LISTED = 100


def broken(promises: tuple[Promise, ...]) -> list[Broken]:
    """Those of the promises that some row breaks, with the ids of the offenders."""
    found = []
    with connection.cursor() as cursor:
        for promise in promises:
            cursor.execute(f"select * from ({promise.breaches}) breaches limit {LISTED}")
            if ids := tuple(str(row[0]) for row in cursor.fetchall()):
                found.append(Broken(promise.name, ids, promise.detail))
    return found
