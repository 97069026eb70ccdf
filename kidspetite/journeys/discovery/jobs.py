from __future__ import annotations

from procrastinate.contrib.django import app

from kidspetite.journeys.discovery import operations


@app.periodic(cron="23 4 * * *", periodic_id="count")
@app.task(name="discovery.count_words", queueing_lock="discovery.count_words")
def count_words(timestamp: int) -> None:
    operations.count_words()
