from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class StockLevel(models.Model):
    """How many pieces of one variant we hold, and how many of them are promised to living holds."""

    variant = models.OneToOneField("catalog.Variant", models.PROTECT, related_name="stock")
    on_hand = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="inventory_never_promise_more_than_held",
                condition=Q(reserved__lte=F("on_hand")),
                violation_error_code="oversold",
                violation_error_message=_("More pieces are promised than are in stock."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.on_hand} held, {self.reserved} promised"

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


class Hold(models.Model):
    """Pieces promised to one holder (`cart:12`, `order:KP-…`) until a moment. `reserved` is their sum.

    A firm hold remembers the basket it moved from, so that the basket does not ask for the same pieces again. A soft
    one remembers the client of its basket, as a digest, so that many baskets of one client count together.
    """

    class Kind(models.TextChoices):
        SOFT = "soft", _("in a basket")
        FIRM = "firm", _("being paid")

    level = models.ForeignKey(StockLevel, models.CASCADE, related_name="holds", db_index=False)
    holder = models.CharField(max_length=60)
    moved_from = models.CharField(max_length=60, blank=True, default="")
    client = models.CharField(max_length=60, blank=True, default="", db_default="")
    quantity = models.PositiveIntegerField()
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.SOFT)
    expires_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "holder"], name="inventory_one_hold_a_holder"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_a_hold_holds_something"),
        ]
        indexes = [
            models.Index(fields=["level", "expires_at"], name="inventory_lapsed"),
            models.Index(fields=["holder"], name="inventory_by_holder"),
            models.Index(fields=["moved_from"], name="inventory_by_origin", condition=~Q(moved_from="")),
            models.Index(fields=["client"], name="inventory_by_client", condition=~Q(client="")),
        ]

    def __str__(self) -> str:
        return f"{self.holder}: {self.quantity}"


class Movement(models.Model):
    """Why a shelf is as it is: `on_hand` equals the sum of `quantity`, `reserved` the sum of `promised`.

    Held and released move no piece. A sale ends the hold of its order in the same row.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        SOLD = "sold", _("sold")
        RETURNED = "returned", _("returned")
        ADJUSTED = "adjusted", _("adjusted")
        DAMAGED = "damaged", _("damaged")
        HELD = "held", _("held")
        RELEASED = "released", _("released")

    level = models.ForeignKey(StockLevel, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=8, choices=Kind)
    quantity = models.IntegerField()
    promised = models.IntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=200, blank=True)
    cause = models.CharField(max_length=60, blank=True, help_text="order:KP-…, cart:12, sheet:3")
    actor = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0, promised=0), name="inventory_a_movement_moves_something"),
            models.UniqueConstraint(
                fields=["level", "cause"], condition=Q(kind="sold"), name="inventory_sell_once_for_a_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity or self.promised:+d}"


class Sheet(models.Model):
    """Changes of many shelves, written down first and applied once, with one reason: a stock-take, or a table."""

    class Kind(models.TextChoices):
        COUNT = "count", _("a stock-take")
        TABLE = "table", _("a table")

    kind = models.CharField(max_length=5, choices=Kind)
    moves_as = models.CharField(max_length=8, choices=Movement.Kind, default=Movement.Kind.ADJUSTED)
    opened_by = models.CharField(max_length=120)
    opened_at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=200, blank=True)
    applied_by = models.CharField(max_length=120, blank=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"sheet:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.applied_at is None


class SheetLine(models.Model):
    """By how many pieces one shelf is to change. For a count also what was counted: the difference is to what the
    books said at that moment, so that sales go on between counting and applying."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", models.CASCADE, related_name="+")
    counted = models.PositiveIntegerField(null=True)
    difference = models.IntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "variant"], name="inventory_one_line_a_shelf")]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.difference:+d}"

    @property
    def books(self) -> int | None:
        """What the books said when it was counted."""
        return None if self.counted is None else self.counted - self.difference
