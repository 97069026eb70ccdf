from __future__ import annotations

from procrastinate.contrib.django import app

from kidspetite.foundation.kernel import clock
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory.rules import HOLDS_TOLD


@app.periodic(cron="* * * * * */10", periodic_id="holds")
@app.task(name="inventory.release_expired", queueing_lock="inventory.release_expired")
def release_expired(timestamp: int) -> None:
    """Sweep lapsed holds, all that are due: after a pause of the worker the first run catches up."""
    while inventory.release_expired():
        pass


@app.periodic(cron="37 3 * * *", periodic_id="folded holds")
@app.task(name="inventory.fold_holds", queueing_lock="inventory.fold_holds")
def fold_holds(timestamp: int) -> None:
    """Keep the ledger from growing with every basket: what was held and released long ago becomes one row a shelf."""
    inventory.fold_holds(before=clock.now() - HOLDS_TOLD)
