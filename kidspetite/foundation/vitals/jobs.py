from __future__ import annotations

from procrastinate.contrib.django import app

from kidspetite.foundation.vitals import operations as vitals


@app.periodic(cron="23 * * * *", periodic_id="slow-pages")
@app.task(name="vitals.watch_speed", queueing_lock="vitals.watch_speed")
def watch_speed(timestamp: int) -> None:
    """Notice what has become slow since the last look, and tell those of the team who are due."""
    vitals.note_slow_pages()
    vitals.tell_of_slow_pages()


@app.periodic(cron="47 4 * * *", periodic_id="old-vitals")
@app.task(name="vitals.forget_old", queueing_lock="vitals.forget_old")
def forget_old(timestamp: int) -> None:
    vitals.forget_old()
