"""A job that gave up gets another chance, by hand."""

from __future__ import annotations

from django.db import connection, transaction
from procrastinate.contrib.django import app

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing import audit


@transaction.atomic
def retry_failed(job_id: int, *, by: str) -> bool:
    """Put a failed job back in the queue, at once. False when it is not a failed one; its row is locked."""
    with connection.cursor() as cursor:
        cursor.execute("select status from procrastinate_jobs where id = %s for update", [job_id])
        row = cursor.fetchone()
    if row is None or row[0] != "failed":
        return False
    app.job_manager.retry_job_by_id(job_id, clock.now())
    audit.record(actor=by, verb="plumbing.retry_job", subject=f"job:{job_id}")
    return True
