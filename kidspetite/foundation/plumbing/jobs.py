from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.models import HandledEvent, IdempotencyRecord, InboxEntry

KEPT = timedelta(days=14)
# Providers repeat a message for days, none for a month; and messages hold names and addresses.
WEBHOOKS_KEPT = timedelta(days=90)


@app.periodic(cron="* * * * * */10", periodic_id="stalled")
@app.task(name="plumbing.retry_stalled", queueing_lock="plumbing.retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Give the jobs of a killed worker to the living ones."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await app.job_manager.retry_job(job)


@app.periodic(cron="17 * * * *", periodic_id="sweep")
@app.task(name="plumbing.sweep", queueing_lock="plumbing.sweep")
async def sweep(timestamp: int) -> None:
    """Forget finished jobs, answered keys, handled events and webhooks once nobody can ask for them."""
    await app.job_manager.delete_old_jobs(nb_hours=72, include_failed=False)
    await IdempotencyRecord.objects.filter(expires_at__lte=clock.now()).adelete()
    await HandledEvent.objects.filter(at__lte=clock.now() - KEPT).adelete()
    await InboxEntry.objects.filter(handled_at__lte=clock.now() - WEBHOOKS_KEPT).adelete()
