from procrastinate.contrib.django import app

from kidspetite.journeys.winback import operations


@app.periodic(cron="*/5 * * * *", periodic_id="abandoned-cart")
@app.task(name="winback.remind_due", queueing_lock="winback.remind_due")
def remind_due(timestamp: int) -> None:
    """All that are due: after a pause of the worker everybody gets the one letter that is right by then."""
    operations.remind_due()


@app.periodic(cron="53 4 * * *", periodic_id="old-rounds")
@app.task(name="winback.forget_rounds", queueing_lock="winback.forget_rounds")
def forget_rounds(timestamp: int) -> None:
    operations.forget_rounds()
