from procrastinate.contrib.django import app

from kidspetite.foundation.notifications import operations


@app.periodic(cron="*/5 * * * *", periodic_id="post")
@app.task(name="notifications.deliver_waiting", queueing_lock="notifications.deliver_waiting")
def deliver_waiting(timestamp: int) -> None:
    operations.deliver_waiting()
