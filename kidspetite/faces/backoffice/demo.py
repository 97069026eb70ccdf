"""Taking the demo goods away: first counted, then done in one transaction. What the owner made stays."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from kidspetite.foundation.accounts.models import User
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.models import Product, Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.pricing import operations as pricing
from kidspetite.journeys.discovery import operations as discovery
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.models import Order, OrderLine
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.shipping import operations as shipping


@dataclass(frozen=True, slots=True)
class DemoData:
    """What is demo: how many orders and products go, how many products stay archived because an order names them."""

    orders: int
    products: int
    archived: int
    customers: int
    colleagues: int

    @property
    def is_gone(self) -> bool:
        return not (self.orders or self.products or self.customers)


def demo_data() -> DemoData:
    kept = _named_by_owners_orders()
    demo = Product.objects.filter(is_demo=True)
    return DemoData(
        orders=Order.objects.filter(is_demo=True).count(),
        products=demo.exclude(pk__in=kept).count(),
        archived=demo.filter(pk__in=kept).exclude(status=Product.Status.ARCHIVED).count(),
        customers=_customers().count(),
        colleagues=User.objects.filter(is_demo=True, is_staff=True).count(),
    )


@transaction.atomic
def remove_demo_data(*, by: str) -> None:
    """Delete demo orders, goods and customers in the order in which one hangs on another; archive demo products that
    an owner's order names. All of it, or nothing."""
    payments.forget_demo_payments()
    shipping.forget_demo_parcels()
    orders.forget_demo_orders()
    pricing.forget_demo_promotions()
    kept = _named_by_owners_orders()
    gone = Variant.objects.filter(product__is_demo=True).exclude(product_id__in=kept)
    inventory.clear_away(gone.values_list("pk", flat=True))
    catalog.forget_demo_goods(keep=kept, by=by)
    discovery.forget_demo_words()
    _customers().delete()


def _named_by_owners_orders() -> set[int]:
    """Demo products on orders that are not demo."""
    lines = OrderLine.objects.filter(order__is_demo=False, variant__product__is_demo=True)
    return set(lines.values_list("variant__product_id", flat=True))


def _customers() -> QuerySet[User]:
    """Demo customers without an order of their own left; colleagues are sent home by hand, under Customers and team."""
    return User.objects.filter(is_demo=True, is_staff=False).exclude(
        pk__in=Order.objects.filter(is_demo=False, customer__isnull=False).values("customer_id")
    )
