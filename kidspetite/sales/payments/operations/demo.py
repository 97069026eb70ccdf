from __future__ import annotations

from django.db import transaction

from kidspetite.sales.payments.models import Payment, Refund, SandboxCharge


@transaction.atomic
def forget_demo_payments() -> int:
    """Delete the attempts on demo orders with their refunds and what the sandbox bank knows of them; gives how many.

    Real money is never touched: a demo order paid through another gateway keeps its payment, and so stays.
    """
    demo = Payment.objects.filter(order__is_demo=True, provider="sandbox")
    SandboxCharge.objects.filter(key__in=demo.values("key")).delete()
    Refund.objects.filter(payment__in=demo).delete()
    return demo.delete()[0]
