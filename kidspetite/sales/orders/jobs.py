from procrastinate.contrib.django import app

from kidspetite.sales.orders import operations


@app.periodic(cron="5 * * * *", periodic_id="daily-orders")
@app.task(name="orders.write_daily_letters", queueing_lock="orders.write_daily_letters")
def write_daily_letters(timestamp: int) -> None:
    operations.write_daily_letters()
