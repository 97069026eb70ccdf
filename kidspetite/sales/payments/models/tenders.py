"""What an order is paid with, and what goes back of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.models.credit import CreditAccount
from kidspetite.sales.payments.types import Capture, KnownCharge

CAPTURES = [(Capture.AT_ONCE.value, _("with the order")), (Capture.AT_SHIPPING.value, _("when it ships"))]


class Payment(models.Model):
    """One tender of an order: an intent recorded before the gateway is called, and its outcome after.

    Store credit is a tender too. It stands `beside` the payment that completes the total and shares its fate: held
    from the moment the order is placed, taken when that is secured, given back when that comes to nothing.
    """

    class Status(models.TextChoices):
        INTENDED = "intended", _("not sent yet")
        REQUIRES_ACTION = "requires_action", _("waiting for the bank")
        UNKNOWN = "unknown", _("asking the provider")
        AUTHORISED = "authorised", _("held by the bank")
        CAPTURED = "captured", _("paid")
        DECLINED = "declined", _("declined")
        VOIDED = "voided", _("given up")
        SURPLUS = "surplus", _("paid twice, given back")

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    key = models.CharField(max_length=80, unique=True, help_text="sent to the provider as its idempotency key")
    method = models.CharField(max_length=120, help_text="the provider's token for what the shopper pays with")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="USD")
    status = models.CharField(max_length=16, choices=Status, default=Status.INTENDED)
    reference = models.CharField(max_length=120, blank=True, help_text="the provider's id")
    taken_as = models.CharField(max_length=120, blank=True, help_text="the provider's id of the money taken")
    reason = models.CharField(max_length=60, blank=True, help_text="why it was declined")
    next_action_url = models.CharField(max_length=2000, blank=True)
    label = models.CharField(max_length=60, blank=True, help_text="Visa ending 4242")
    card_print = models.CharField(max_length=64, blank=True, help_text="names the card, and is not its number")
    traces = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, help_text="whose attempt it was, as digests"
    )
    capture = models.CharField(max_length=12, choices=CAPTURES, default=Capture.AT_ONCE)
    account = models.ForeignKey(
        CreditAccount, models.PROTECT, null=True, blank=True, related_name="tenders", help_text="whose credit it takes"
    )
    beside = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="companions")
    payer = models.ForeignKey(
        "payments.Payer", models.SET_NULL, null=True, blank=True, related_name="+", help_text="whose saved cards"
    )
    keeps_card = models.BooleanField(default=False, help_text="the shopper ticked: save this card for next time")
    captured_minor = models.BigIntegerField(default=0, help_text="taken of what was asked for")
    refunded_minor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when the provider was last called or asked")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="payments_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("captured_minor")),
                name="payments_never_refund_more_than_taken",
            ),
            models.CheckConstraint(
                condition=Q(captured_minor__lte=F("amount_minor")), name="payments_never_take_more_than_asked"
            ),
            models.UniqueConstraint(
                fields=["provider", "reference"], condition=~Q(reference=""), name="payments_one_row_a_reference"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["authorised", "captured"], account=None),
                name="payments_one_gateway_tender_an_order",
            ),
            models.UniqueConstraint(
                fields=["order", "account"],
                condition=Q(status__in=["authorised", "captured"], account__isnull=False),
                name="payments_one_tender_an_account",
            ),
            models.CheckConstraint(
                condition=Q(account=None, beside=None) | Q(account__isnull=False, beside__isnull=False),
                name="payments_credit_stands_beside_a_payment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(status__in=["intended", "requires_action", "unknown"]),
                name="payments_unsettled",
            ),
            GinIndex(fields=["traces"], condition=Q(status="declined"), name="payments_declines_of"),
            models.Index(fields=["taken_as"], condition=~Q(taken_as=""), name="payments_taken_as"),
            models.Index(
                fields=["provider", "asked_at"],
                condition=Q(status__in=["captured", "surplus"], account=None),
                name="payments_to_look_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.amount_minor} {self.status}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def known(self) -> KnownCharge:
        """How the provider is asked about it."""
        return KnownCharge(self.key, self.reference, self.amount, self.created_at)


class Refund(models.Model):
    """Money on its way back, of one tender. Recorded before the gateway is called; the key makes a repeat harmless.

    Those of one `action` were asked for together. With an `account` it goes into that customer's store credit, and no
    gateway is called.
    """

    class Status(models.TextChoices):
        INTENDED = "intended", _("not sent yet")
        DONE = "done", _("given back")
        REFUSED = "refused", _("refused")

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    account = models.ForeignKey(CreditAccount, models.PROTECT, null=True, blank=True, related_name="refunds")
    key = models.CharField(max_length=80, unique=True)
    action = models.CharField(max_length=80, db_index=True, default="")
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.INTENDED)
    reference = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_a_refund_refunds"),
            models.UniqueConstraint(
                fields=["payment", "reference"], condition=~Q(reference=""), name="payments_one_row_a_refund"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.status}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.payment.currency)


class RefundedPieces(models.Model):
    """Which pieces a refund was for, so that none goes back twice and the last one takes the last cent."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="refunded_pieces")
    action = models.CharField(max_length=80)
    sku = models.CharField(max_length=40, blank=True, help_text="of a line; empty for the sending")
    pieces = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "sku"], name="payments_one_row_a_line_and_refund"),
            models.CheckConstraint(condition=Q(pieces__gte=1), name="payments_refunded_pieces_are_some"),
        ]
        verbose_name_plural = "refunded pieces"

    def __str__(self) -> str:
        return f"{self.pieces} × {self.sku}"


class Dispute(models.Model):
    """A shopper's bank wants the money back. It is answered at the provider; here it is known."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes")
    reference = models.CharField(max_length=120, unique=True)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=60, blank=True, help_text="in the provider's words")
    status = models.CharField(max_length=40, help_text="in the provider's words")
    told_at = models.DateTimeField(null=True, blank=True, help_text="when the provider told it so")
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"
