"""A query that is put together once and asked many times, here and in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import FETCH_ONE, BooleanField, Expression, Func, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

# A cursor holds what it found last, so one that found much goes.
MOST_CURSORS, MOST_ROWS = 200, 100
# Of these str() is what the database reads.
WRITABLE = (str, int, float, Decimal, date, UUID)


def ask_kept(
    sql: str, values: Sequence[Any] | Mapping[str, Any], *, using: str = DEFAULT_DB_ALIAS
) -> list[tuple[Any, ...]]:
    """Run a statement that is written out and always the same; the database keeps its plan (a prepared statement), and
    the connection how its values are written and its rows are read.

    Planning a join of eight tables takes the database fifteen times as long as running it. The values travel beside
    the text, so a name that stands in two places must be of one type there, and the statement shows what a list is of
    (`id = any(…)`, `::text[]`).
    """
    connection = connections[using]
    connection.ensure_connection()
    cursor = _cursor_of(connection.connection, sql)
    asking = connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)
    asking.execute(sql, _with_lists_written(values))
    if not cursor.pgresult.nfields:  # `description` would describe every column anew
        return []
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    if len(rows) > MOST_ROWS:
        _cursors(connection.connection).pop(sql, None)
    return rows


def _cursor_of(line: Any, sql: str) -> Any:
    """psycopg's own cursor, as Django's puts the values into the text. One that is asked the same again is twice as
    quick as a new one."""
    kept = _cursors(line)
    if (known := kept.get(sql)) is None:
        if len(kept) >= MOST_CURSORS:
            kept.clear()
        known = kept[sql] = psycopg.Cursor(line)
    return known


def _cursors(line: Any) -> dict[str, Any]:
    """Those of a connection, which end with it."""
    kept: dict[str, Any] = line.__dict__.setdefault("kept_cursors", {})
    return kept


def _with_lists_written(values: Sequence[Any] | Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
    """psycopg looks through each list for its type, and again at each item: twenty calls for one number."""
    if isinstance(values, Mapping):
        return {name: _written(value) if type(value) is list else value for name, value in values.items()}
    return [_written(value) if type(value) is list else value for value in values]


def _written(items: list[Any]) -> str:
    """A list as the database writes it."""
    return "{" + ",".join([str(item) if type(item) is int else _written_item(item) for item in items]) + "}"


def _written_item(item: Any) -> str:
    if item is None:
        return "null"
    if not isinstance(item, WRITABLE):
        raise TypeError(f"A kept statement takes no list with {item!r}.")
    return '"' + str(item).replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_kept(row: Model, *, unless: str = "") -> bool:
    """Insert a new row by a statement that is put together once a model, and give it its key. False when there is one
    already with the same value in the unique field `unless`. Every field must have its value: what the database would
    fill in is filled in by the caller."""
    sql, fields = _insertion(type(row), unless)
    made = ask_kept(sql, values_of(row, fields))
    if made:
        row.pk, row._state.adding, row._state.db = made[0][0], False, DEFAULT_DB_ALIAS
    return bool(made)


def save_kept(row: Model, *names: str, beside: Model | None = None) -> None:
    """Write these fields of a row, as `save(update_fields=…)` does, by a statement that is put together once; and with
    it a new row `beside`."""
    sql, fields = _change(type(row), names)
    told = [*values_of(row, fields), row.pk]
    if beside is None:
        ask_kept(sql, told)
        return
    insertion, columns = _insertion(type(beside), "")
    ((key,),) = ask_kept(f"with changed as ({sql}) {insertion}", [*told, *values_of(beside, columns)])
    beside.pk, beside._state.adding, beside._state.db = key, False, DEFAULT_DB_ALIAS


def values_of(row: Model, fields: Iterable[Any]) -> list[Any]:
    """What stands in a row, as the database takes it."""
    line = connections[DEFAULT_DB_ALIAS]  # `connection` would look for it at each mention
    return [field.get_db_prep_save(getattr(row, field.attname), line) for field in fields]


def fields_of(model: type[Model]) -> list[Any]:
    """All but the key, which the database gives."""
    return [field for field in model._meta.concrete_fields if not field.primary_key]


@cache
def _insertion(model: type[Model], unless: str) -> tuple[str, list[Any]]:
    fields, table = fields_of(model), model._meta.db_table
    columns, places = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    twin = f"on conflict ({unless}) do nothing" if unless else ""
    return f"insert into {table} ({columns}) values ({places}) {twin} returning id", fields  # nosec B608 - the same


@cache
def _change(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    told = ", ".join(f'"{field.column}" = %s' for field in fields)
    return f"update {model._meta.db_table} set {told} where id = %s", fields  # nosec B608 - the names are our own


class Given(Expression):
    """Stands in a recipe for a value that is told each time: `Recipe(… .filter(token=Given("token")))`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)

    def get_group_by_cols(self) -> list[Any]:
        return []


class AnyOf(Func):
    """Whether a column is one of a list that is told each time: `filter(AnyOf("variant", Given("variants")))`."""

    template, arg_joiner, arity = "%(expressions)s)", " = ANY(", 2
    output_field = BooleanField()


class Recipe[Row]:
    """What a queryset finds, with its SQL put together by the first who asks and kept for all who ask after them.

    Putting a query together takes the ORM several times as long as asking it, so the busiest paths keep theirs. The
    rows are what the queryset would give: models with what is related, or the tuples of `values_list`. A query
    that locks is refused outside a transaction, as Django refuses it.
    """

    def __init__(self, query: Callable[[], QuerySet[Any, Row]]) -> None:
        self._query = query
        self._kept: _Kept | None = None

    def rows(self, **given: Any) -> list[Row]:
        if self._kept is None:
            self._kept = _put_together(self._query())
        return self._kept.asked(given)

    def row(self, **given: Any) -> Row | None:
        """The first; the query says itself that it wants one, with an order and `[:1]` where there may be more."""
        return next(iter(self.rows(**given)), None)


@dataclass(frozen=True, slots=True)
class _Kept:
    sql: str
    values: Sequence[Any]
    locks: bool
    # By place: what turns the database's value into ours, as for JSON.
    converters: dict[int, tuple[list[Any], Any]]
    model: type[Model] | None
    columns: tuple[str, ...]
    annotations: dict[str, int]
    related: list[Any]

    def asked(self, given: dict[str, Any]) -> list[Any]:
        if self.locks and not connection.in_atomic_block:
            raise TransactionManagementError("A recipe that locks rows belongs inside a transaction.")
        told = [given[value.name] if isinstance(value, Given) else value for value in self.values]
        rows = self._converted(ask_kept(self.sql, told))
        return [self._made(row) for row in rows] if self.model else list(rows)

    def _converted(self, rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
        if not self.converters:
            return rows
        return [self._converted_row(list(row)) for row in rows]

    def _converted_row(self, row: list[Any]) -> tuple[Any, ...]:
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                row[place] = convert(row[place], column, connection)
        return tuple(row)

    def _made(self, row: tuple[Any, ...]) -> Model:
        assert self.model is not None
        made = self.model.from_db(connection.alias, self.columns, row[: len(self.columns)])
        for name, place in self.annotations.items():
            setattr(made, name, row[place])
        for populator in self.related:
            populator.populate(row, made)
        return made


def _put_together(queryset: QuerySet[Any, Any]) -> _Kept:
    compiler = queryset.query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    model = queryset.model if queryset.query.default_cols else None  # without: a queryset of values
    return _Kept(
        sql=sql,
        values=tuple(values),
        locks=queryset.query.select_for_update,
        converters=compiler.get_converters(column for column, _, _ in compiler.select),
        model=model,
        columns=tuple(field.attname for field in model._meta.concrete_fields) if model else (),
        annotations=dict(compiler.annotation_col_map or {}),
        related=get_related_populators(compiler.klass_info, compiler.select, connection.alias, FETCH_ONE)
        if model
        else [],
    )
