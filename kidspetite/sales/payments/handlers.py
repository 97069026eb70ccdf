from kidspetite.foundation.plumbing.events import WebhookReceived
from kidspetite.foundation.plumbing.publishing import calls_out, on
from kidspetite.sales.orders.events import OrderCancelled
from kidspetite.sales.payments import operations, queries
from kidspetite.sales.payments.events import PaymentPutOff, RefundIntended


@calls_out(WebhookReceived)
def hear_provider(event: WebhookReceived) -> None:
    operations.hear(event.entry_id)


@calls_out(PaymentPutOff)
def send_charge(event: PaymentPutOff) -> None:
    operations.take_put_off(event.payment_id)


@calls_out(RefundIntended)
def send_refund(event: RefundIntended) -> None:
    operations.send_refund(event.refund_id)


@on(OrderCancelled)
def give_money_back(event: OrderCancelled) -> None:
    operations.refund_cancelled(event.order_id)


@calls_out(OrderCancelled)
def end_attempts(event: OrderCancelled) -> None:
    for payment_id in queries.unsettled_of(event.order_id):
        operations.give_up(payment_id)
