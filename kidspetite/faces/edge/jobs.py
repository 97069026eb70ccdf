from __future__ import annotations

from procrastinate.contrib.django import app

from kidspetite.faces.edge.models import RateCount
from kidspetite.foundation.kernel import clock


@app.periodic(cron="*/5 * * * *", periodic_id="rate-counts")
@app.task(name="edge.sweep_rate_counts", queueing_lock="edge.sweep_rate_counts")
async def sweep_rate_counts(timestamp: int) -> None:
    """Forget the windows that are over."""
    await RateCount.objects.filter(expires_at__lte=clock.now()).adelete()
