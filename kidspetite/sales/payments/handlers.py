from kidspetite.foundation.plumbing.events import WebhookReceived
from kidspetite.foundation.plumbing.publishing import calls_out, on
from kidspetite.sales.orders.events import OrderCancelled, OrderShipped
from kidspetite.sales.payments import operations, queries
from kidspetite.sales.payments.events import CardDropped, HoldNotNeeded, PaymentPutOff, RefundIntended, RefundRefused


@calls_out(WebhookReceived)
def hear_provider(event: WebhookReceived) -> None:
    operations.hear(event.entry_id)


@calls_out(PaymentPutOff)
def send_charge(event: PaymentPutOff) -> None:
    operations.take_put_off(event.payment_id)


@calls_out(RefundIntended)
def send_refund(event: RefundIntended) -> None:
    operations.send_refund(event.refund_id)


@calls_out(CardDropped)
def forget_card(event: CardDropped) -> None:
    operations.forget_card(event.provider, event.reference)


@calls_out(RefundRefused)
def look_into_refunds(event: RefundRefused) -> None:
    operations.hear_refunds(event.payment_id)


@on(OrderCancelled)
def give_money_back(event: OrderCancelled) -> None:
    operations.refund_cancelled(event.order_id)


@calls_out(OrderCancelled)
def end_attempts(event: OrderCancelled) -> None:
    for payment_id in queries.endable_of(event.order_id):
        operations.give_up(payment_id)


@calls_out(HoldNotNeeded)
def let_go(event: HoldNotNeeded) -> None:
    operations.give_up(event.payment_id)


@calls_out(OrderShipped)
def take_what_is_held(event: OrderShipped) -> None:
    operations.capture_shipped(event.order_id)
