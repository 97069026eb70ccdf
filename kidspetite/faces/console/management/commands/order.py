import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kidspetite.foundation.ui import formats
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.orders.types import Mark, OrderView
from kidspetite.sales.payments import queries as payments
from kidspetite.sales.payments.types import PaymentView


class Command(BaseCommand):
    help = "Show one order with its lines, payments, refunds and timeline."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="such as KP-7F3K2M9Q")
        parser.add_argument("--json", action="store_true")

    def handle(self, *arguments: Any, **options: Any) -> None:
        order = orders.order_by_number(options["number"])
        if order is None:
            raise CommandError(f"There is no order {options['number']}.")
        view, tenders = orders.order_view(order), payments.payments_of(order.pk)
        if options["json"]:
            self.stdout.write(json.dumps(orders.status_document(view) | _money(tenders), indent=2))
        else:
            self.stdout.write("\n".join(_lines(view, tenders, orders.staff_marks(order))))


def _money(tenders: list[PaymentView]) -> dict[str, Any]:
    return {
        "payments": [
            {
                "provider": tender.provider,
                "reference": tender.reference,
                "label": tender.label,
                "status": tender.status,
                "reason": tender.reason or None,
                "amount_cents": tender.amount.minor,
                "refunded_cents": tender.refunded.minor,
                "at": tender.at.isoformat(),
            }
            for tender in tenders
        ],
        "refunds": [
            {
                "amount_cents": refund.amount.minor,
                "status": refund.status,
                "reason": refund.reason,
                "by": refund.actor,
                "reference": refund.reference,
                "at": refund.at.isoformat(),
            }
            for tender in tenders
            for refund in tender.refunds
        ],
    }


def _lines(view: OrderView, tenders: list[PaymentView], marks: list[Mark]) -> list[str]:
    return [
        f"{view.number}  {view.status_label}  {formats.money(view.total)}  {formats.day_and_time(view.placed_at)}",
        f"To {', '.join(view.ship_to.lines)}, by {view.shipping_label}",
        *[f"  {line.quantity} × {line.sku}  {line.name}  {formats.money(line.line_total)}" for line in view.lines],
        *[f"  {one.provider} {one.reference or '-'}  {one.status}  {formats.money(one.amount)}" for one in tenders],
        *[
            f"  refund {refund.status}  {formats.money(refund.amount)}  {refund.reason} ({refund.actor})"
            for one in tenders
            for refund in one.refunds
        ],
        *[f"  {formats.day_and_time(mark.at)}  {mark.text}" for mark in marks],
    ]
