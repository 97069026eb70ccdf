"""When a shopper's bank wants money back: noted on the order, for staff to answer at the provider."""

from __future__ import annotations

from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.models import Dispute, Payment
from kidspetite.sales.payments.types import DisputeTold


@transaction.atomic
def record_dispute(payment_id: int, told: DisputeTold) -> Dispute:
    """Note how a dispute stands. The same news again, and news of a step that is behind it, change nothing. Locks the
    order."""
    payment = Payment.objects.get(pk=payment_id)
    orders.lock_order(payment.order_id)
    known = Dispute.objects.filter(reference=told.reference).first()
    if known and (rules.is_closed(known.status) or known.status == told.status or _is_older(told, known)):
        return known
    row = known or Dispute(payment=payment, reference=told.reference)
    row.amount_minor, row.reason, row.status = told.amount_minor, told.reason, told.status
    row.told_at = told.at or row.told_at
    row.opened_at = row.opened_at if known else clock.now()
    row.closed_at = clock.now() if rules.is_closed(told.status) else None
    row.save()
    reason, status = ((words or "no reason").replace("_", " ") for words in (told.reason, told.status))
    orders.add_note(payment.order_id, text=f"Dispute {told.reference} ({reason}): {status}", by="job:payments")
    return row


def _is_older(told: DisputeTold, known: Dispute) -> bool:
    return bool(told.at and known.told_at and told.at < known.told_at)
