"""Every room's promises, recomputed from base rows."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.db import connection, transaction
from django.utils.module_loading import module_has_submodule

from kidspetite.foundation.plumbing.integrity import Broken


def rooms_that_promise() -> list[str]:
    """The rooms whose queries declare `broken_promises`."""
    found = []
    for room in apps.get_app_configs():
        if room.module and room.name.startswith("kidspetite.") and module_has_submodule(room.module, "queries"):
            queries = import_module(f"{room.name}.queries")
            if hasattr(queries, "broken_promises"):
                found.append(room.name)
    return found


def audit() -> list[Broken]:
    """What is broken anywhere, seen at one moment: orders that come in meanwhile do not blur the picture."""
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
        return [
            broken for room in rooms_that_promise() for broken in import_module(f"{room}.queries").broken_promises()
        ]
