"""Judges a request or an answer by the types that a provider's own SDK publishes, where there is no specification."""

from __future__ import annotations

import importlib
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import stripe
from typing_extensions import is_typeddict

OF_THE_CALL = {"idempotency_key", "stripe_account", "stripe_context", "stripe_version", "headers", "api_key"}


def faults_of(name: str, value: Any) -> list[str]:
    """What is wrong with a value for a type, by its full name ("stripe.params.tax.CalculationCreateParams")."""
    module, _, kind = name.rpartition(".")
    return _faults(value, getattr(importlib.import_module(module), kind), kind)


def _faults(value: Any, hint: Any, where: str) -> list[str]:
    origin = get_origin(hint)
    if hint is Any:
        return []
    if origin in (Union, types.UnionType):
        found = [_faults(value, each, where) for each in get_args(hint)]
        return [] if any(not each for each in found) else min(found, key=len)
    if origin is Literal:
        return [] if value in get_args(hint) else [f"{where}: {value!r} is none of {get_args(hint)[:5]}"]
    if is_typeddict(hint):
        return _members(value, _hints(hint), hint.__required_keys__, where)
    if isinstance(origin or hint, type) and issubclass(origin or hint, stripe.ListObject):
        return _each(value.get("data"), get_args(hint)[0], where) if isinstance(value, dict) else [f"{where}: no list"]
    if origin in (list, dict):
        return _each(value, get_args(hint)[0], where) if origin is list else []
    if isinstance(origin, type) and issubclass(origin, stripe.StripeObject):
        return [] if isinstance(value, dict) else [f"{where}: no object"]  # untyped inside, as metadata is
    if isinstance(hint, type) and issubclass(hint, stripe.StripeObject):
        return _object(value, hint, where)
    return _plain(value, hint, where)


def _object(value: Any, hint: type, where: str) -> list[str]:
    known = {name: each for name, each in _hints(hint).items() if not name.startswith("_") and name != "OBJECT_NAME"}
    own = {name: each for name, each in known.items() if name in hint.__annotations__}
    return _members(value, own, {name for name in own if type(None) not in get_args(own[name])}, where)


def _members(value: Any, known: dict[str, Any], needed: Any, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: no object"]
    faults = [f"{where}.{name}: unknown" for name in set(value) - set(known)]
    faults += [f"{where}.{name}: missing" for name in set(needed) - set(value)]
    for name in set(value) & set(known) - OF_THE_CALL:
        faults += _faults(value[name], known[name], f"{where}.{name}")
    return faults


def _each(value: Any, hint: Any, where: str) -> list[str]:
    if isinstance(value, dict) and all(key.isdigit() for key in value):
        value = list(value.values())  # a form's list
    if not isinstance(value, list):
        return [f"{where}: no list"]
    return [fault for place, each in enumerate(value) for fault in _faults(each, hint, f"{where}[{place}]")]


def _plain(value: Any, hint: Any, where: str) -> list[str]:
    if hint is int and isinstance(value, str) and value.lstrip("-").isdigit():
        return []  # a form's number
    if hint is type(None):
        return [] if value is None else [f"{where}: not null"]
    if isinstance(value, bool) and hint is not bool:
        return [f"{where}: true or false where {hint} belongs"]
    return [] if isinstance(value, hint) else [f"{where}: {value!r} is no {hint}"]


class _Names(dict[str, Any]):
    """Names that the SDK imports for its own checks only are looked up in the package, which loads them when asked."""

    def __init__(self, kind: Any) -> None:
        super().__init__(ListObject=stripe.ListObject, StripeContext=stripe.StripeContext, Mapping=Mapping)
        self._package = importlib.import_module(kind.__module__.rpartition(".")[0])

    def __missing__(self, name: str) -> Any:
        try:
            return getattr(self._package, name)
        except AttributeError:
            raise KeyError(name) from None


def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, vars(importlib.import_module(kind.__module__)), _Names(kind))
