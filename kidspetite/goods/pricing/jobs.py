from __future__ import annotations

from procrastinate.contrib.django import app

from kidspetite.goods.pricing import operations


@app.periodic(cron="* * * * *", periodic_id="promotions")
@app.task(name="pricing.announce_due", queueing_lock="pricing.announce_due")
def announce_due(timestamp: int) -> None:
    """Pages say what runs: promotions that begin or end by the clock are told to them here."""
    operations.announce_due()
