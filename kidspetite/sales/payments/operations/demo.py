from __future__ import annotations

from django.db import transaction

from kidspetite.sales.payments.models import CreditAccount, CreditEntry, Payment, Refund, RefundedPieces, SandboxCharge
from kidspetite.sales.payments.types import STORE_CREDIT

PRETENDED = ("sandbox", "none", STORE_CREDIT)


@transaction.atomic
def forget_demo_payments() -> int:
    """Delete the attempts on demo orders with their refunds and what the sandbox bank knows of them, and the store
    credit of demo customers that no other order was paid with; gives how many attempts.

    Real money is never touched: a demo order paid through another gateway keeps its payment, and so stays.
    """
    real = Payment.objects.filter(order__is_demo=True).exclude(provider__in=PRETENDED).values("order_id")
    demo = Payment.objects.filter(order__is_demo=True).exclude(order_id__in=real)
    SandboxCharge.objects.filter(key__in=demo.values("key")).delete()
    Refund.objects.filter(payment__in=demo).delete()
    RefundedPieces.objects.filter(order__is_demo=True).exclude(order_id__in=real).delete()
    demo.exclude(beside=None).delete()
    gone = demo.delete()[0]
    idle = CreditAccount.objects.filter(customer__is_demo=True, tenders=None, refunds=None)
    CreditEntry.objects.filter(account__in=idle).delete()
    idle.delete()
    return gone
