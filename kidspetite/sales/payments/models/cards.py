"""Cards that a provider keeps for a customer. No number of any is here."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from kidspetite.foundation.kernel import ids
from kidspetite.sales.payments.types import Keeping

WISHES = [(each.value, each.value) for each in Keeping]


class Payer(models.Model):
    """A customer of ours as one provider knows them: who it keeps cards for."""

    customer = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=120, help_text="the provider's id")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "provider"], name="payments_one_payer_a_provider"),
            models.UniqueConstraint(fields=["provider", "reference"], name="payments_one_payer_a_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.reference}"


class SavedCard(models.Model):
    """A card that a provider keeps for a customer: its name there, and what may be shown of it. Never its number."""

    customer = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    payer = models.ForeignKey(Payer, models.CASCADE, related_name="cards")
    name = models.CharField(max_length=40, unique=True, default=ids.token, help_text="ours, for pages and the API")
    reference = models.CharField(max_length=120, help_text="the provider's id")
    brand = models.CharField(max_length=30)
    last4 = models.CharField(max_length=4)
    exp_month = models.PositiveSmallIntegerField()
    exp_year = models.PositiveSmallIntegerField()
    card_print = models.CharField(max_length=64, blank=True, help_text="names the card, and is not its number")
    is_default = models.BooleanField(default=False)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payer", "reference"], name="payments_one_row_a_card"),
            models.UniqueConstraint(
                fields=["payer", "card_print"], condition=~Q(card_print=""), name="payments_a_card_is_kept_once"
            ),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(is_default=True), name="payments_one_default_card"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.last4}"


class CardAttempt(models.Model):
    """A customer's wish to keep a card, written down before the provider is called. Refusals count as declines."""

    customer = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    payer = models.ForeignKey(Payer, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40, unique=True, default=ids.token, help_text="ours, in the way back")
    key = models.CharField(max_length=80, unique=True, help_text="sent to the provider as its idempotency key")
    method = models.CharField(max_length=120, help_text="the provider's token for the card")
    status = models.CharField(max_length=16, default=Keeping.SENT.value, choices=WISHES)
    reference = models.CharField(max_length=120, blank=True, help_text="the provider's id")
    reason = models.CharField(max_length=60, blank=True, help_text="why it was refused")
    next_action_url = models.CharField(max_length=2000, blank=True)
    card = models.ForeignKey(SavedCard, models.SET_NULL, null=True, blank=True, related_name="+")
    card_print = models.CharField(max_length=64, blank=True)
    traces = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    return_url = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="payments_card_attempts_at"),
        ]

    def __str__(self) -> str:
        return f"{self.payer_id} {self.status}"
