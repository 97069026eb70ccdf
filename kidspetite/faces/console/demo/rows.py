"""Strict reading of TOML rows into frozen dataclasses: known keys, right types, or a complaint that says where."""

import dataclasses
import tomllib
import types
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints


class DemoDataError(ValueError):
    """A demo file says something that cannot be; the message names file, row and key."""


def read_rows[Row](path: Path, table: str, row_type: type[Row]) -> tuple[Row, ...]:
    """All `[[table]]` rows of one file, in file order. Refuses an unknown table, an unknown key and a wrong type."""
    document = _parsed(path)
    if unknown := sorted(set(document) - {table}):
        raise DemoDataError(f"{path.name}: unknown table {unknown[0]!r}, expected only [[{table}]]")
    rows = document.get(table)
    if not isinstance(rows, list) or not rows:
        raise DemoDataError(f"{path.name}: expected at least one [[{table}]] row")
    return tuple(read_row(row, row_type, where=_place(path, table, number, row)) for number, row in enumerate(rows, 1))


def read_document[Row](path: Path, row_type: type[Row]) -> Row:
    """A whole file as one row. Refuses an unknown key and a wrong type."""
    return read_row(_parsed(path), row_type, where=path.name)


def read_row[Row](row: Any, row_type: type[Row], *, where: str) -> Row:
    """One mapping as `row_type`; nested tables become nested dataclasses. `where` opens every complaint."""
    if not isinstance(row, Mapping):
        raise DemoDataError(f"{where}: expected a table, got {row!r}")
    hints = get_type_hints(row_type)
    fields = {field.name: field for field in dataclasses.fields(row_type)}  # type: ignore[arg-type]
    if unknown := sorted(set(row) - set(fields)):
        raise DemoDataError(f"{where}: unknown key {unknown[0]!r}, known are {', '.join(sorted(fields))}")
    if absent := [name for name, field in fields.items() if name not in row and _is_required(field)]:
        raise DemoDataError(f"{where}: key {absent[0]!r} is missing")
    return row_type(**{key: _read(value, hints[key], f"{where}, {key}") for key, value in row.items()})


def check_unique(where: str, values: Iterable[str]) -> None:
    """Refuse a value that stands there twice."""
    if twice := [value for value, times in Counter(values).items() if times > 1]:
        raise DemoDataError(f"{where}: {twice[0]!r} stands there twice")


def known[Row](key: str, rows: Mapping[str, Row], where: str) -> Row:
    """The row of that name; refuses a name that no row has, telling those there are."""
    if key not in rows:
        raise DemoDataError(f"{where}: {key!r} is unknown, known are {', '.join(rows)}")
    return rows[key]


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DemoDataError(f"{path.name}: the file is missing") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DemoDataError(f"{path.name}: {error}") from error


def _place(path: Path, table: str, number: int, row: Any) -> str:
    names = (row.get(key) for key in ("slug", "key", "code", "email")) if isinstance(row, Mapping) else ()
    name = next((str(name) for name in names if name), f"row {number}")
    return f"{path.name}: {table} {name}"


def _is_required(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _read(value: Any, wanted: Any, where: str) -> Any:
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin in (types.UnionType, Union):
        return _read(value, next(part for part in inner if part is not types.NoneType), where)
    if origin is tuple:
        if not isinstance(value, list):
            raise DemoDataError(f"{where}: expected a list, got {value!r}")
        return tuple(_read(item, inner[0], f"{where} {number}") for number, item in enumerate(value, 1))
    if origin in (Mapping, dict):
        if not isinstance(value, Mapping):
            raise DemoDataError(f"{where}: expected a table, got {value!r}")
        return {key: _read(item, inner[1], f"{where} {key}") for key, item in value.items()}
    if dataclasses.is_dataclass(wanted):
        return read_row(value, wanted, where=where)  # type: ignore[arg-type]
    return _read_plain(value, wanted, where)


def _read_plain(value: Any, wanted: Any, where: str) -> Any:
    if issubclass(wanted, StrEnum):
        try:
            return wanted(value)
        except ValueError as error:
            raise DemoDataError(f"{where}: {value!r} is none of {', '.join(wanted)}") from error
    if type(value) is not wanted:
        kind = "a date" if wanted is date else wanted.__name__
        raise DemoDataError(f"{where}: expected {kind}, got {value!r}")
    if wanted is str and not value.strip():
        raise DemoDataError(f"{where}: the text is empty")
    return value
