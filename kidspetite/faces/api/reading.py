"""How bodies are read: JSON, strictly, with every fault named by its field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from ninja.parser import Parser

from kidspetite.faces.api.errors import BadRequestBody
from kidspetite.faces.edge.errors import Unreadable
from kidspetite.foundation.kernel.errors import FieldError

SENTENCES = {
    "missing": later("This field is needed."),
    "extra_forbidden": later("We do not know this field."),
    "int_type": later("Send a whole number."),
    "int_parsing": later("Send a whole number."),
    "int_from_float": later("Send a whole number."),
    "string_type": later("Send text."),
    "bool_type": later("Send true or false."),
    "bool_parsing": later("Send true or false."),
    "model_attributes_type": later("Send a JSON object."),
    "model_type": later("Send a JSON object."),
    "dict_type": later("Send a JSON object."),
    "list_type": later("Send a list."),
    "float_type": later("Send a number."),
    "finite_number": later("Send a number."),
}
BOUNDS = {
    "greater_than_equal": lambda limits: _("Send {ge} or more.").format(**limits),
    "less_than_equal": lambda limits: _("Send {le} or less.").format(**limits),
    "string_too_short": lambda limits: _("Send at least {min_length} characters.").format(**limits),
    "string_too_long": lambda limits: _("Send {max_length} characters or fewer.").format(**limits),
    "too_short": lambda limits: _("Send at least {min_length}.").format(**limits),
    "too_long": lambda limits: _("Send {max_length} at most.").format(**limits),
    "literal_error": lambda limits: _("Send one of: {expected}.").format(**limits),
}

UNSTORABLE = re.compile("[\\0\\ud800-\\udfff]")


class StrictParser(Parser):
    """JSON as it is described, and nothing that a database could not keep."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            data = json.loads(request.body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as fault:
            raise Unreadable(_("The body is not JSON that we can read.")) from fault
        if faults := tuple(
            FieldError(field, _("This holds a character that we cannot store.")) for field in _bad(data)
        ):
            raise BadRequestBody(errors=faults)
        return data


def refusal_of(faults: list[dict[str, Any]]) -> BadRequestBody:
    """What ninja found wrong with a request, in our words. `loc` is (source, parameter, field, …)."""
    return BadRequestBody(errors=tuple(FieldError(_field(fault["loc"]), _sentence(fault)) for fault in faults))


def _field(loc: tuple[Any, ...]) -> str:
    inner = loc[2:] if loc[0] == "body" else loc[1:]
    return ".".join(str(part) for part in inner) or str(loc[0])


def _sentence(fault: dict[str, Any]) -> str:
    kind = fault["type"]
    if kind in BOUNDS:
        return BOUNDS[kind](fault.get("ctx", {}))
    return str(SENTENCES.get(kind, fault["msg"]))


def _bad(data: Any, field: str = "") -> Iterator[str]:
    """The fields that hold a NUL or half of a letter; neither has a place in UTF-8 text of PostgreSQL."""
    match data:
        case str():
            if UNSTORABLE.search(data):
                yield field or "body"
        case dict():
            for name, value in data.items():
                clean = name.encode("utf-8", "replace").decode().replace("\0", "?")
                yield from _bad(name, clean)
                yield from _bad(value, f"{field}.{clean}" if field else clean)
        case list():
            for number, value in enumerate(data):
                yield from _bad(value, f"{field}.{number}" if field else str(number))


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
