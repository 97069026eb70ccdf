from __future__ import annotations

from procrastinate.contrib.django import app

from kidspetite.goods.inventory import operations as inventory


@app.periodic(cron="* * * * * */10", periodic_id="holds")
@app.task(name="inventory.release_expired", queueing_lock="inventory.release_expired")
def release_expired(timestamp: int) -> None:
    """Sweep lapsed holds, all that are due: after a pause of the worker the first run catches up."""
    while inventory.release_expired():
        pass
