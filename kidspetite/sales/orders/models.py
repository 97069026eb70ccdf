from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel import ids
from kidspetite.foundation.kernel.money import Money


class Order(models.Model):
    """What was promised, with every number and label as it was sold. It knows no money mover and no carrier."""

    class Status(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", _("awaiting payment")
        REQUIRES_ACTION = "requires_action", _("waiting for your bank")
        PAYMENT_UNKNOWN = "payment_unknown", _("checking the payment")
        PAID = "paid", _("paid")
        SHIPPED = "shipped", _("on its way")
        DELIVERED = "delivered", _("delivered")
        CANCELLED = "cancelled", _("cancelled")
        REFUNDED = "refunded", _("refunded")

    number = models.CharField(max_length=12, unique=True, default=ids.order_number)
    token = models.CharField(max_length=40, unique=True, default=ids.token)
    cart_id_was = models.BigIntegerField(
        null=True, blank=True, db_index=True, help_text="the basket it was opened from"
    )
    customer = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="orders")
    email = models.EmailField()
    status = models.CharField(max_length=16, choices=Status, default=Status.AWAITING_PAYMENT, db_index=True)
    placed_at = models.DateTimeField(db_default=Now(), db_index=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    subtotal_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    shipping_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    shipping_address = models.JSONField()
    shipping_method = models.CharField(max_length=30)
    shipping_label = models.CharField(max_length=80)
    arrives_from = models.DateField(null=True, blank=True)
    arrives_to = models.DateField(null=True, blank=True)
    discounts = models.JSONField(
        default=list, blank=True, help_text="the promotions that made the discount: name, code, amount_minor"
    )
    tenders = models.JSONField(
        default=list, blank=True, help_text="what it was paid with: provider, label, amount_minor"
    )
    texts_to = models.CharField(max_length=20, blank=True, db_default="", help_text="the phone that asked to be told")
    gift_message = models.CharField(max_length=300, blank=True)
    gift_receipt = models.BooleanField(default=False, help_text="what is printed and packed shows no prices")
    tax_source = models.CharField(max_length=20, blank=True, help_text="table, or a provider; empty: none collected")
    tax_rate = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True, help_text="per cent")
    tax_reference = models.CharField(max_length=120, blank=True, help_text="the rule, or the provider's calculation")
    basket_print = models.CharField(
        max_length=64, blank=True, help_text="fingerprint of lines and address it was quoted for"
    )
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    total_minor=F("subtotal_minor") - F("discount_minor") + F("shipping_minor") + F("tax_minor")
                ),
                name="orders_total_is_the_sum_of_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("total_minor")),
                name="orders_never_refund_more_than_the_total",
            ),
            models.CheckConstraint(
                condition=Q(subtotal_minor__gte=0, discount_minor__gte=0, shipping_minor__gte=0, tax_minor__gte=0),
                name="orders_no_part_is_negative",
            ),
            models.UniqueConstraint(
                fields=["cart_id_was"],
                condition=Q(status__in=["awaiting_payment", "requires_action", "payment_unknown"]),
                name="orders_one_open_order_a_basket",
            ),
        ]
        indexes = [models.Index(fields=["email", "-placed_at"], name="orders_by_email")]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def holder(self) -> str:
        """The name under which inventory keeps this order's holds and sales."""
        return f"order:{self.number}"


class OrderLine(models.Model):
    """A line as it was sold; the variant may change or go later, the labels stay."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False)  # the constraint has one
    variant = models.ForeignKey("catalog.Variant", models.SET_NULL, null=True, related_name="+")
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    product_slug = models.CharField(max_length=120, blank=True)
    size_label = models.CharField(max_length=20)
    colour_name = models.CharField(max_length=40)
    quantity = models.PositiveSmallIntegerField()
    unit_price_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="orders_a_line_has_pieces"),
            models.UniqueConstraint(fields=["order", "sku"], name="orders_one_line_a_sku"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def unit_price(self) -> Money:
        return Money(self.unit_price_minor)

    @property
    def line_total(self) -> Money:
        return Money(self.unit_price_minor * self.quantity)


class NewsChoice(models.Model):
    """How somebody of the team hears of new orders by mail. Without a row the shop chooses, by their role."""

    class How(models.TextChoices):
        EACH = "each", _("a letter for each order")
        DAILY = "daily", _("one letter a day")
        OFF = "off", _("none")

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="order_news")
    how = models.CharField(max_length=8, choices=How)
    told_until = models.DateTimeField(help_text="daily letters have told of orders that were paid before")

    def __str__(self) -> str:
        return f"{self.user} {self.how}"


class OrderEvent(models.Model):
    """A pencil mark on the order's timeline. `is_public` marks are shown to the shopper."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    is_public = models.BooleanField(default=False)
    actor = models.CharField(max_length=120, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
