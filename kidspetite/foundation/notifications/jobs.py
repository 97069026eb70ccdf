from procrastinate import JobContext
from procrastinate.contrib.django import app

from kidspetite.foundation.notifications import operations


@app.periodic(cron="*/5 * * * *", periodic_id="post")
@app.task(name="notifications.deliver_waiting", queueing_lock="notifications.deliver_waiting", pass_context=True)
def deliver_waiting(context: JobContext, timestamp: int) -> None:
    operations.deliver_waiting()
