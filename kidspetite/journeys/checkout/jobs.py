from procrastinate.contrib.django import app

from kidspetite.journeys.checkout import operations as checkout


@app.periodic(cron="37 4 * * *", periodic_id="idle-baskets")
@app.task(name="checkout.forget_idle_baskets", queueing_lock="checkout.forget_idle_baskets")
def forget_idle_baskets(timestamp: int) -> None:
    """All that are due: after a pause of the worker the first run catches up, a batch at a time."""
    while checkout.forget_idle_baskets():
        pass
    checkout.forget_idle_drafts()
