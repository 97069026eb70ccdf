"""What /readyz, /metrics and doctor ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import ngettext

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.connections import has_limits
from kidspetite.foundation.plumbing.models import InboxEntry

WORKER_SILENT_AT_MOST = 30.0
WEBHOOK_WAITS_AT_MOST = timedelta(hours=1)
_migrated = False


@dataclass(frozen=True, slots=True)
class Warning:
    name: str
    detail: str


def is_database_answering() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        return True
    except DatabaseError:
        return False


def is_migrated() -> bool:
    """Whether all migrations of this code are applied; once true it stays true for the life of the process."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def is_durable() -> bool:
    """Whether a commit that was acknowledged survives a crash of the database."""
    if settings.DURABILITY_NOT_NEEDED:
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on'"
            " and current_setting('synchronous_commit') <> 'off'"
        )
        return bool(cursor.fetchone()[0])


def readiness() -> tuple[dict[str, bool], list[Warning]]:
    """The three checks that make the shop unready, and the warnings that do not."""
    checks = {"database": is_database_answering(), "migrations": False, "durability": False}
    if not checks["database"]:
        return checks, []
    checks["migrations"] = is_migrated()
    checks["durability"] = is_durable()
    return checks, warnings() if checks["migrations"] else []


def warnings() -> list[Warning]:
    """Worker heartbeat, stalled and dead jobs, webhooks that nothing follows from."""
    jobs, found = job_figures(), []
    if jobs["worker_silent_seconds"] > WORKER_SILENT_AT_MOST:
        found.append(Warning("worker", "no worker has been heard of for 30 s; mails and clean-ups wait"))
    if stalled := int(jobs["stalled_jobs"]):
        found.append(Warning("stalled_jobs", f"{stalled} jobs have lost their worker"))
    if dead := int(jobs["failed_jobs"]):
        found.append(Warning("failed_jobs", f"{dead} jobs gave up; see Jobs in the back office"))
    late = InboxEntry.objects.filter(handled_at=None, received_at__lte=clock.now() - WEBHOOK_WAITS_AT_MOST)
    if waiting := late.count():
        words = ngettext("%(n)d webhook waits", "%(n)d webhooks wait", waiting) % {"n": waiting}
        found.append(Warning("webhooks", f"{words} for more than an hour; see Webhooks and Jobs in the back office"))
    if settings.IS_POOLED and not has_limits():
        found.append(Warning("pooler", "its sessions know no time limits; run migrate, then RECONNECT at the pooler"))
    return found


def job_figures() -> dict[str, float]:
    """The state of the jobs in numbers: seconds since a worker was heard of (infinite for never), and counts."""
    with connection.cursor() as cursor:
        cursor.execute("""
            select (select extract(epoch from now() - max(last_heartbeat)) from procrastinate_workers),
                   (select count(*) from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id
                     where j.status = 'doing' and (w.id is null or w.last_heartbeat < now() - interval '30 s')),
                   (select count(*) from procrastinate_jobs where status = 'failed'),
                   (select count(*) from procrastinate_jobs where status = 'todo')""")
        silent, stalled, failed, waiting = cursor.fetchone()
    return {
        "worker_silent_seconds": float("inf") if silent is None else float(silent),
        "stalled_jobs": float(stalled),
        "failed_jobs": float(failed),
        "waiting_jobs": float(waiting),
    }
