from __future__ import annotations

from procrastinate.contrib.django import app

from kidspetite.goods.catalog import operations


@app.periodic(cron="* * * * *", periodic_id="announce")
@app.task(name="catalog.announce_due", queueing_lock="catalog.announce_due")
def announce_due(timestamp: int) -> None:
    """Show the products whose day has come, also on pages that are in a cache."""
    while operations.announce_due():
        pass


@app.periodic(cron="11 * * * *", periodic_id="notes")
@app.task(name="catalog.forget_notes", queueing_lock="catalog.forget_notes")
def forget_notes(timestamp: int) -> None:
    operations.forget_notes()
