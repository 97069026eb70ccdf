from __future__ import annotations

from procrastinate.contrib.django import app

from kidspetite.goods.pricing import operations


@app.periodic(cron="* * * * *", periodic_id="promotions")
@app.task(name="pricing.announce_due", queueing_lock="pricing.announce_due")
def announce_due(timestamp: int) -> None:
    """Pages say what runs: promotions that begin or end by the clock are told to them here."""
    operations.announce_due()


@app.periodic(cron="*/10 * * * *", periodic_id="tax-filings")
@app.task(name="pricing.send_filings", queueing_lock="pricing.send_filings")
def send_filings(timestamp: int) -> None:
    """What the provider of local rates did not take when it was told; and answers that nobody needs any more."""
    operations.send_filings()
    operations.forget_old_taxes()
