from procrastinate.contrib.django import app

from kidspetite.sales.payments import operations


@app.periodic(cron="* * * * *", periodic_id="reconcile")
@app.task(name="payments.reconcile", queueing_lock="payments.reconcile")
def reconcile(timestamp: int) -> None:
    operations.reconcile()


@app.periodic(cron="* * * * * */5", periodic_id="sandbox")
@app.task(name="payments.settle_sandbox", queueing_lock="payments.settle_sandbox")
def settle_sandbox(timestamp: int) -> None:
    operations.settle_late()
