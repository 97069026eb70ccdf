from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel import ids
from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.types import Capture, Keeping, KnownCharge

CAPTURES = [(Capture.AT_ONCE.value, _("with the order")), (Capture.AT_SHIPPING.value, _("when it ships"))]
WISHES = [(each.value, each.value) for each in Keeping]


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
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"


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


class SandboxCard(models.Model):
    """A card that the sandbox bank was asked to keep; its own memory, not part of the shop's books."""

    class Status(models.TextChoices):
        ASKING = "asking"
        KEPT = "kept"
        REFUSED = "refused"
        FORGOTTEN = "forgotten"

    key = models.CharField(max_length=80, unique=True)
    reference = models.CharField(max_length=60, unique=True)
    payer = models.CharField(max_length=60)
    token = models.CharField(max_length=40)
    exp_month = models.PositiveSmallIntegerField()
    exp_year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(max_length=60, blank=True)
    return_url = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"


class SandboxCharge(models.Model):
    """The sandbox gateway's own ledger: what it would say when asked. Not part of the shop's books."""

    key = models.CharField(max_length=80, unique=True)
    reference = models.CharField(max_length=60, unique=True)
    token = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=20)
    reason = models.CharField(max_length=60, blank=True)
    capture = models.CharField(max_length=12, choices=CAPTURES, default=Capture.AT_ONCE)
    captured_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    refunds = models.JSONField(default=list, blank=True, help_text="made: id, amount_minor, key")
    return_url = models.CharField(max_length=400, blank=True)
    cancel_url = models.CharField(max_length=400, blank=True)
    settles_at = models.DateTimeField(null=True, blank=True, help_text="when a late charge is decided")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"
