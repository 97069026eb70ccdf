"""`list_urls`: every address the shop answers at, read from the routes themselves."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

ANY = ("GET", "HEAD", "OPTIONS")
BY_PREFIX = (
    ("/admin", "staff"),
    ("/api/admin", "staff"),
    ("/api/inventory", "staff"),
    ("/api/webhooks", "provider, by signature"),
    ("/api/cron", "scheduler, by CRON_SECRET"),
    ("/api/user", "customer"),
    ("/account", "customer"),
)


@dataclass(frozen=True)
class Address:
    path: str
    name: str | None
    methods: list[str]
    who: str


def addresses() -> list[Address]:
    """Sorted by path, each path once with the methods it takes. Path parameters are written `{name}`."""
    found: dict[tuple[str, ...], Address] = {}
    for address in _walk(get_resolver(), "/", ()):
        found.setdefault((address.path, *address.methods), address)
    return sorted(found.values(), key=lambda address: (address.path, address.name or ""))


def _walk(resolver: URLResolver, prefix: str, spaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        path = prefix + _readable(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, path, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        else:
            name = ":".join([*spaces, pattern.name]) if pattern.name else None
            yield Address(path, name, _methods(pattern.callback), _who(path, pattern.callback))


def _readable(pattern: URLPattern | URLResolver) -> str:
    route = str(pattern.pattern)
    if not isinstance(pattern.pattern, RoutePattern):
        route = simplify_regex(route).lstrip("/")
    return re.sub(r"<(?:[^<>:]+:)?([^<>]+)>", r"{\1}", route)


def _methods(view: Callable[..., Any]) -> list[str]:
    """From the class, from `require_http_methods`, or from the API's operations; else what a plain page answers."""
    if view_class := getattr(view, "view_class", None):
        names = [name for name in view_class.http_method_names if name == "options" or hasattr(view_class, name)]
        return sorted({name.upper() for name in names} | ({"HEAD"} if "get" in names else set()))
    for layer in _layers(view):
        held = _closure(layer)
        if allowed := held.get("request_method_list"):
            return sorted(allowed)
        owner = held.get("self") or getattr(layer, "__self__", None)
        if operations := getattr(owner, "operations", None):
            return sorted({method for operation in operations for method in operation.methods})
    return sorted({*ANY, "POST"})


def _who(path: str, view: Callable[..., Any]) -> str:
    named = next(
        (who for prefix, who in BY_PREFIX if path == prefix or path.startswith((f"{prefix}/", f"{prefix}{{"))), None
    )
    if named:
        return named
    if any("login_url" in _closure(layer) or hasattr(layer, "login_url") for layer in _layers(view)):
        return "customer"
    return "anyone"


def _layers(view: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """The view and what its decorators wrap."""
    layer: Any = view
    while layer is not None:
        yield layer
        layer = getattr(layer, "__wrapped__", None)


def _closure(function: Any) -> dict[str, Any]:
    code, cells = getattr(function, "__code__", None), getattr(function, "__closure__", None)
    if not code or not cells:
        return {}
    held = {}
    for name, cell in zip(code.co_freevars, cells, strict=True):
        try:
            held[name] = cell.cell_contents
        except ValueError:  # a cell that is not filled yet
            continue
    return held
