"""Which adapter serves which need. The choice is made once, in config/providers.py, from the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def provider(need: str, code: str | None = None) -> Any:
    """The adapter for a need ("payments", "mail"); the first is the default. Raises LookupError for an unknown one."""
    adapters = _table()[need]
    return _made(need, code or next(iter(adapters)))


def codes(need: str) -> list[str]:
    """The adapters that are switched on for a need, the default first."""
    return list(_table()[need])


@cache
def _table() -> Mapping[str, Mapping[str, Callable[[], Any]]]:
    table: Mapping[str, Mapping[str, Callable[[], Any]]] = import_string(settings.PROVIDERS)()
    return table


@cache
def _made(need: str, code: str) -> Any:
    return _table()[need][code]()
