"""The audit as a process of its own: what it says of a good database, and of one row broken by hand."""

import os
from collections.abc import Iterator

import psycopg
import pytest

from tests.conftest import RUN
from tests.harness.promises import PromisesBroken, audit_of, see_that_promises_are_kept

pytestmark = pytest.mark.slow
BROKEN_BY_HAND = """
    insert into notifications_message (key, kind, "to", subject, text, html, subject_key, topic, guard, status,
        attempts, provider, provider_id, error, is_demo, created_at, fields)
    values ('by-hand', 'order-confirmed', 'a@b.example', '', '', '', '', 'service', '', 'sent', 0,
        '', '', '', false, now(), '{}')
    returning id
"""


@pytest.fixture
def surroundings() -> Iterator[dict[str, str]]:
    """The environment of a database that nobody else looks at."""
    name = f"promises_{RUN.worker}"
    RUN.clone(name)
    yield {**os.environ, "DATABASE_URL": RUN.url(name), "KP_DATA_DIR": str(RUN.folder / RUN.worker)}
    with psycopg.connect(RUN.url("postgres"), autocommit=True) as server:
        server.execute(f"drop database {name} with (force)")


def test_a_kept_promise_ends_with_0_and_a_broken_one_with_1_and_its_row(surroundings):
    assert audit_of(surroundings) == (0, {"ok": True, "broken": []})
    with psycopg.connect(surroundings["DATABASE_URL"], autocommit=True) as rows:
        (row,) = rows.execute(BROKEN_BY_HAND).fetchone()
        code, told = audit_of(surroundings)
        assert (code, told["ok"]) == (1, False)
        assert {one["promise"] for one in told["broken"]} == {"sent_letters_know_when"}
        assert told["broken"][0]["ids"] == ["by-hand"] or str(row) in str(told["broken"][0]["ids"])
        with pytest.raises(PromisesBroken, match="sent_letters_know_when"):
            see_that_promises_are_kept(surroundings, database="promises")
        rows.execute("delete from notifications_message where id = %s", [row])
    assert audit_of(surroundings)[0] == 0
