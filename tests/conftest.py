"""Every test's ground: its own database, a closed network, and on demand a real shop and a browser."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tests.harness import network, surroundings
from tests.harness.database import TestRun

RUN = TestRun.begin_or_join()
surroundings.settle(RUN)

# A busy machine is no fault of the code under test, so hypothesis measures no time here.
CALM = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
}
# The usual run tries the same examples every time, so that `main` does not turn red by chance; the full one explores.
settings.register_profile("usual", max_examples=50, derandomize=True, database=None, **CALM)
known = DirectoryBasedExampleDatabase(".shop/hypothesis")
settings.register_profile("full", max_examples=500, derandomize=False, database=known, **CALM)
settings.load_profile("full" if os.environ.get("KP_FULL") else "usual")

MARKS_OF_FOLDERS = {
    "e2e": ("browser", "slow"),
    "journeys": ("browser", "slow"),
    "concurrency": ("race", "slow"),
    "faults": ("slow",),
}

# Whole purchases and their aftermath, through pages, API, desk and gateways: with a database no quick tests.
STORIES = {"api", "backoffice", "checkout", "payments", "storefront"}

pytest_plugins = ["tests.harness.pages"]


def pytest_configure(config: pytest.Config) -> None:
    surroundings.adjust_settings()
    config.add_cleanup(RUN.end)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Workers must reach this file before Django's settings are read, and only this name makes them read earlier."""
    os.environ.pop("DJANGO_SETTINGS_MODULE")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folder says what kind of test it is; one that commits is slow, for the next one needs a new database."""
    here = Path(__file__).parent
    for item in items:
        parts = item.path.relative_to(here).parts if item.path.is_relative_to(here) else ()
        folder = parts[0] if parts else ""
        for mark in MARKS_OF_FOLDERS.get(folder, ()):
            item.add_marker(mark)
        database = item.get_closest_marker("django_db")
        if database and (folder in STORIES or database.kwargs.get("transaction")):
            item.add_marker("slow")


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        network.close(patch)
        yield


@pytest.fixture(autouse=True)
def no_old_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test's promotions say is not for the next one's pages, and no page's queries hang on the clock."""
    from kidspetite.faces.storefront import promoting

    monkeypatch.setattr(promoting, "KEPT_SECONDS", 3600)
    promoting.forget()


@pytest.fixture
def goods_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process asks every half a second whether others changed the goods. Not here: where statements are counted, none
    may hang on the clock."""
    from kidspetite.goods.catalog.queries import keeper

    monkeypatch.setattr(keeper, "LAG_SECONDS", 3600)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """A clone of the migrated database instead of Django's own set-up; a new clone after each transactional test."""
    from django.db import connections
    from django.test import TransactionTestCase

    def clone_again(case: TransactionTestCase) -> None:
        connections.close_all()
        RUN.clone(RUN.own_database)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", clone_again)
        RUN.clone(RUN.own_database)
        yield
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture(autouse=True)
def promises_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a race left behind keeps every promise; only a control without its locks may break one."""
    mark = request.node.get_closest_marker("django_db")
    commits = bool(mark and mark.kwargs.get("transaction"))
    is_control = "without_locks" in request.fixturenames or "without_locks" in request.node.name
    if not commits or is_control or not request.node.get_closest_marker("race"):
        yield
        return
    request.getfixturevalue("transactional_db")  # so that we look before its rows are gone
    yield
    from kidspetite.faces.console.audit import audit

    assert audit() == []


@pytest.fixture
def pass_time(time_machine) -> Callable[..., None]:
    """`pass_time(minutes=10)`: the clock runs from now on, and jumps when it is told to."""
    time_machine.move_to(datetime.now(UTC))
    return lambda **span: time_machine.shift(timedelta(**span))


@pytest.fixture
def scale() -> Callable[[int, int], int]:
    """`scale(5, 50)`: 5 in the usual run, 50 in `./shop test --full`."""
    from kidspetite.config.env import load_env

    return lambda usual, full: full if load_env().kp_full else usual


@pytest.fixture
def run_waiting_jobs() -> Callable[[], int]:
    """What the worker would do now, in this thread and transaction: fit for the `db` fixture. Gives the number run."""
    from django.utils import timezone
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob

    def run() -> int:
        done = 0
        due = ProcrastinateJob.objects.filter(status="todo").exclude(scheduled_at__gt=timezone.now())
        while job := due.order_by("-priority", "id").first():
            ProcrastinateJob.objects.filter(pk=job.pk).update(status="doing")
            app.tasks[job.task_name].func(**job.args)
            ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")
            done += 1
        return done

    return run


@pytest.fixture(scope="session")
def shop_server() -> Iterator[object]:
    """A real shop, granian and worker, over a clone of its own: `.url`, `.dsn`, `.log`. See `live_database`."""
    from tests.harness.server import running_shop

    with running_shop(RUN, dict(os.environ)) as shop:
        yield shop


@pytest.fixture
def live_database(shop_server, django_db_setup, django_db_blocker) -> Iterator[None]:
    """This process's ORM looks at the running shop's database; what a test writes stays there for the whole run."""
    from django.db import connections

    default = connections["default"].settings_dict
    connections.close_all()
    own, default["NAME"] = default["NAME"], shop_server.database
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    default["NAME"] = own
