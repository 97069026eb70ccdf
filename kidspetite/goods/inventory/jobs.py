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


@app.periodic(cron="37 3 * * *", periodic_id="old-holds")
@app.task(name="inventory.fold_holds", queueing_lock="inventory.fold_holds")
def fold_holds(timestamp: int) -> None:
    """Keep the ledger from growing with every basket: what was held and released long ago becomes one row a shelf."""
    inventory.fold_holds(before=clock.now() - HOLDS_TOLD)


@app.periodic(cron="* * * * *", periodic_id="waits")
@app.task(name="inventory.serve_waits", queueing_lock="inventory.serve_waits")
def serve_waits(timestamp: int) -> None:
    """Settle the offers whose half hour is over, and serve whoever an event has missed: all that is due."""
    while inventory.settle_offers():
        pass
    while inventory.offer_what_is_free():
        pass


@app.periodic(cron="17 4 * * *", periodic_id="old-waits")
@app.task(name="inventory.tidy_waits", queueing_lock="inventory.tidy_waits")
def tidy_waits(timestamp: int) -> None:
    inventory.tidy_waits()


@app.periodic(cron="*/10 * * * *", periodic_id="low-stock")
@app.task(name="inventory.watch_stock", queueing_lock="inventory.watch_stock")
def watch_stock(timestamp: int) -> None:
    """Notice what has run low since the last look, and tell those of the team who are due."""
    inventory.note_low_stock()
    inventory.tell_of_low_stock()
