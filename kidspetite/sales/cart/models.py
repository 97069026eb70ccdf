from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from kidspetite.foundation.kernel import ids


class Cart(models.Model):
    """A basket. Its token is its key: whoever has it may change it. It may be wrong; an order may not."""

    class Status(models.TextChoices):
        OPEN = "open"
        ORDERED = "ordered"
        MERGED = "merged"

    token = models.CharField(max_length=40, unique=True, default=ids.token)
    customer = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="carts")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now(), db_index=True)
    promo_codes = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text="as they were given out, the first first"
    )
    client = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="whose network opened it, as a digest"
    )
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return f"cart:{self.pk}"

    @property
    def holder(self) -> str:
        """The name under which inventory keeps this basket's holds."""
        return f"cart:{self.pk}"


class CartLine(models.Model):
    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines", db_index=False)  # the constraint has one
    variant = models.ForeignKey("catalog.Variant", models.CASCADE, related_name="+")
    quantity = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant"], name="cart_one_line_a_variant"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=99), name="cart_one_to_99_pieces"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.variant_id}"
