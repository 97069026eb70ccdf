"""Store credit: an account a customer, and a ledger that only grows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.money import Money


class CreditAccount(models.Model):
    """What the shop owes a customer, as store credit: the sum of its entries, and never less than nothing."""

    customer = models.OneToOneField("accounts.User", models.PROTECT, related_name="store_credit")
    balance_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="USD")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(balance_minor__gte=0), name="payments_credit_is_never_below_zero")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.balance_minor}"

    @property
    def balance(self) -> Money:
        return Money(self.balance_minor, self.currency)


class CreditEntry(models.Model):
    """One line of the ledger of store credit, only ever added. The key makes a repeat harmless."""

    class Cause(models.TextChoices):
        GRANTED = "granted", _("from the shop")
        TAKEN_BACK = "taken_back", _("taken back")
        SPENT = "spent", _("used for an order")
        RETURNED = "returned", _("not used after all")
        REFUNDED = "refunded", _("refund of an order")

    account = models.ForeignKey(CreditAccount, models.PROTECT, related_name="entries")
    amount_minor = models.BigIntegerField(help_text="what came, or below zero what went")
    cause = models.CharField(max_length=12, choices=Cause)
    subject = models.CharField(max_length=40, blank=True, help_text="the order it is about")
    reason = models.CharField(max_length=200, blank=True, help_text="in the words of who did it")
    actor = models.CharField(max_length=120)
    key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="payments_an_entry_moves_credit")]
        verbose_name_plural = "credit entries"

    def __str__(self) -> str:
        return f"{self.cause} {self.amount_minor}"
