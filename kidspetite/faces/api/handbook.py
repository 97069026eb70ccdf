"""The API's handbook at /api/docs: its description as a page of the shop, without a script."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from kidspetite.foundation.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of a body or one parameter."""

    name: str
    type: str
    is_needed: bool
    note: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    status: str
    meaning: str
    shape: str


@dataclass(frozen=True, slots=True)
class OperationRow:
    anchor: str
    method: str
    path: str
    summary: str
    words: SafeString
    parameters: tuple[FieldRow, ...]
    body: tuple[FieldRow, ...]
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class ShapeRow:
    name: str
    words: str
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True)
class CodeRow:
    code: str
    status: int
    meaning: str


@require_safe
def handbook(request: HttpRequest) -> HttpResponse:
    from kidspetite.faces.api.api import api  # the page describes the API, so it comes after it

    schema = _schema(api)
    context = {
        "title": schema["info"]["title"],
        "words": _html(schema["info"]["description"]),
        "groups": _groups(schema),
        "shapes": [_shape(name, shape) for name, shape in sorted(schema["components"]["schemas"].items())],
        "codes": error_codes(),
    }
    return render(request, "api/handbook.html", context, using="jinja2")


@cache
def error_codes() -> tuple[CodeRow, ...]:
    """Every code that a problem may carry, from every room's errors, sorted."""
    for room in apps.get_app_configs():
        if room.name.startswith("kidspetite.") and find_spec(f"{room.name}.errors"):
            import_module(f"{room.name}.errors")
    import_module(settings.ROOT_URLCONF)  # some refusals stand beside the view that says them
    rows = {kind.code: CodeRow(kind.code, kind.status, _first_sentence(kind)) for kind in _kinds(DomainError)}
    return tuple(rows[code] for code in sorted(rows))


@cache
def _schema(api: Any) -> dict[str, Any]:
    return dict(api.get_openapi_schema())


def _kinds(base: type[DomainError]) -> Iterator[type[DomainError]]:
    for kind in base.__subclasses__():
        yield from _kinds(kind)
        if "code" in vars(kind) and kind.__module__.startswith("kidspetite."):
            yield kind


def _first_sentence(kind: type[DomainError]) -> str:
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())


def _groups(schema: dict[str, Any]) -> dict[str, list[OperationRow]]:
    groups: dict[str, list[OperationRow]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(method, path, operation, schema))
    return groups


def _operation(method: str, path: str, operation: dict[str, Any], schema: dict[str, Any]) -> OperationRow:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return OperationRow(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        words=_html(operation.get("description", "")),
        parameters=tuple(
            FieldRow(one["name"], _type(one["schema"]), one.get("required", False), one.get("description", ""))
            for one in operation["parameters"]
        ),
        body=_fields(_resolved(body, schema)),
        answers=tuple(_answer(str(status), one) for status, one in operation["responses"].items()),
    )


def _answer(status: str, response: dict[str, Any]) -> AnswerRow:
    content: dict[str, Any] = next(iter(response.get("content", {}).values()), {})
    return AnswerRow(status, response["description"], _type(content["schema"]) if content else "")


def _shape(name: str, shape: dict[str, Any]) -> ShapeRow:
    return ShapeRow(name, shape.get("description", ""), _fields(shape))


def _fields(shape: dict[str, Any]) -> tuple[FieldRow, ...]:
    needed = shape.get("required", [])
    return tuple(
        FieldRow(name, _type(field), name in needed, field.get("description", ""))
        for name, field in shape.get("properties", {}).items()
    )


def _resolved(shape: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema["components"]["schemas"].get(shape.get("$ref", "").rsplit("/", 1)[-1], shape)
    return found


def _type(shape: dict[str, Any]) -> str:
    """A schema in a few words: `integer`, `list of ItemOut`, `string or null`."""
    if "$ref" in shape:
        return str(shape["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in shape:
        return " or ".join(_type(one) for one in shape["anyOf"])
    if shape.get("type") == "array":
        return f"list of {_type(shape['items'])}"
    if "enum" in shape:
        return ", ".join(str(value) for value in shape["enum"])
    kind = str(shape.get("format") or shape.get("type", "any"))
    low, high = shape.get("minimum"), shape.get("maximum")
    return kind if high is None else f"{kind}, {low} to {high}"


def _html(text: str) -> SafeString:
    """Our own words only, written in Markdown."""
    return mark_safe(MarkdownIt().render(text))  # nosec B308 B703 - our own document
