from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class TaxRule(models.Model):
    """What a state takes on clothes, from a day on. Rates in per cent; thresholds in cents per piece.

    Clothing below `exempt_below_minor` is free of it (null: taxed from the first cent; `is_exempt`: never taxed). A
    piece at or above that is taxed whole, or only on what lies above, where `taxes_excess_only`.
    """

    state = models.CharField(max_length=2)
    rate = models.DecimalField(_("rate, per cent"), max_digits=6, decimal_places=3)
    is_exempt = models.BooleanField(_("clothes are exempt"), default=False)
    exempt_below_minor = models.PositiveIntegerField(_("exempt below, cents a piece"), null=True, blank=True)
    taxes_excess_only = models.BooleanField(_("only the excess is taxed"), default=False)
    taxes_shipping = models.BooleanField(_("shipping is taxed"), default=False)
    valid_from = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["state", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["state", "valid_from"], name="pricing_one_rule_a_state_and_day"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=30), name="pricing_rate_is_believable"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.rate} %"


class Promotion(models.Model):
    """What the shop gives, to whom and when. Amounts in cents. What is empty asks for nothing.

    One that `needs_code` works for a basket that holds one of its codes; the others work by themselves. `stopped_at`
    is the kill switch: set, the promotion counts nowhere, whatever its dates say.
    """

    class Kind(models.TextChoices):
        PERCENT = "percent", _("per cent off")
        AMOUNT = "amount", _("a sum off")
        FIXED_PRICE = "fixed_price", _("a fixed price a piece")
        BUY_GET = "buy_get", _("buy some, get some")
        FREE_SHIPPING = "free_shipping", _("free shipping")

    class Lane(models.IntegerChoices):
        PRICES = 10, _("prices of goods")
        BASKET = 20, _("the basket")
        SHIPPING = 30, _("shipping")

    class Channel(models.TextChoices):
        SHOP = "shop", _("the shop")
        REGISTRY = "registry", _("a registry")
        REFERRAL = "referral", _("a referral")

    name = models.CharField(max_length=60, help_text="shoppers read it beside the discount")
    kind = models.CharField(max_length=14, choices=Kind)
    percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )  # fmt: skip
    amount_minor = models.PositiveBigIntegerField(null=True, blank=True)
    buy = models.PositiveSmallIntegerField(null=True, blank=True)
    get = models.PositiveSmallIntegerField(null=True, blank=True)
    lane = models.PositiveSmallIntegerField(choices=Lane, default=Lane.BASKET)
    is_exclusive = models.BooleanField(default=False)
    cap_minor = models.PositiveBigIntegerField(null=True, blank=True)
    floor_percent = models.PositiveSmallIntegerField(default=0)
    minimum_minor = models.PositiveBigIntegerField(null=True, blank=True)
    min_pieces = models.PositiveSmallIntegerField(default=0)
    first_order_only = models.BooleanField(default=False)
    signed_in_only = models.BooleanField(default=False)
    people = ArrayField(
        models.CharField(max_length=254), default=list, blank=True, help_text="normalised mail addresses"
    )
    channel = models.CharField(max_length=8, choices=Channel, blank=True)
    products = models.ManyToManyField("catalog.Product", blank=True, related_name="+")
    categories = models.ManyToManyField("catalog.Category", blank=True, related_name="+")
    collections = models.ManyToManyField("catalog.Collection", blank=True, related_name="+")
    begins_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    needs_code = models.BooleanField(default=True)
    limit_per_customer = models.PositiveIntegerField(null=True, blank=True)
    sentence = models.CharField(max_length=120, blank=True, help_text="shown in a bar while it is live")
    created_at = models.DateTimeField(db_default=Now())
    announced_until = models.DateTimeField(null=True, editable=False, help_text="pages were told of it up to here")
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="percent", percent__isnull=False)
                | Q(kind__in=["amount", "fixed_price"], amount_minor__isnull=False)
                | Q(kind="buy_get", percent__isnull=False, buy__gte=1, get__gte=1)
                | Q(kind="free_shipping"),
                name="pricing_a_promotion_gives_something",
                violation_error_message=_("Say how much it gives."),
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gt=0, percent__lte=100),
                name="pricing_percent_is_a_part",
                violation_error_message=_("Above 0 and up to 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(floor_percent__lte=100),
                name="pricing_floor_is_a_part",
                violation_error_message=_("At most 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(begins_at__isnull=True) | Q(ends_at__gt=F("begins_at")),
                name="pricing_a_promotion_ends_after_it_begins",
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(kind="free_shipping", lane=30) | (~Q(kind="free_shipping") & Q(lane__in=[10, 20])),
                name="pricing_shipping_has_its_own_lane",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_at"], condition=Q(stopped_at=None, needs_code=False), name="pricing_automatic_ones"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PromoCode(models.Model):
    """A code that opens a promotion. `code` as it is written, `key` as it is looked up: spaces, case, hyphens and
    look-alikes (O and 0, I, L and 1) do not matter. `only_for` is a normalised mail address."""

    promotion = models.ForeignKey(Promotion, models.PROTECT, related_name="codes")
    code = models.CharField(
        max_length=40, validators=[RegexValidator(r"^[A-Z0-9][A-Z0-9-]*[A-Z0-9]\Z", _("Letters, digits and hyphens."))]
    )
    key = models.CharField(max_length=40, unique=True, editable=False)
    limit_total = models.PositiveIntegerField(null=True, blank=True, help_text="empty: as often as one likes")
    only_for = models.CharField(max_length=254, blank=True)
    batch = models.CharField(max_length=40, blank=True, db_index=True)
    created_at = models.DateTimeField(db_default=Now())
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.code


class Redemption(models.Model):
    """One order's use of one promotion: the row is the count. `holder` is the order, as stock knows it (`order:KP-…`).

    Of a limited code every use takes a place from 1 to the limit, and of a promotion that is limited per customer a
    turn; while a use lives, nobody else has its place, and that is a constraint. Giving back frees both.
    """

    promotion = models.ForeignKey(Promotion, models.PROTECT, related_name="redemptions")
    code = models.ForeignKey(PromoCode, models.PROTECT, null=True, related_name="redemptions")
    holder = models.CharField(max_length=40)
    customer = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    email_print = models.CharField(max_length=64, help_text="fingerprint of the normalised mail address")
    place = models.PositiveIntegerField(null=True)
    places = models.PositiveIntegerField(null=True, help_text="the code's limit when it was used")
    turn = models.PositiveIntegerField(null=True)
    amount_minor = models.PositiveBigIntegerField(help_text="cents off the goods")
    shipping_minor = models.PositiveBigIntegerField(default=0, help_text="cents off the sending")
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "promotion"], name="pricing_a_promotion_once_an_order"),
            models.UniqueConstraint(
                fields=["code", "place"], condition=Q(released_at=None), name="pricing_one_use_a_place"
            ),
            models.UniqueConstraint(
                fields=["promotion", "email_print", "turn"],
                condition=Q(released_at=None),
                name="pricing_one_use_a_turn_by_mail",
            ),
            models.UniqueConstraint(
                fields=["promotion", "customer", "turn"],
                condition=Q(released_at=None),
                name="pricing_one_use_a_turn_by_account",
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(place__gte=1, place__lte=F("places")),
                name="pricing_never_more_uses_than_the_limit",
            ),
        ]
        indexes = [
            models.Index(fields=["promotion", "at"], name="pricing_uses_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.promotion_id}"


class KeptTax(models.Model):
    """What a provider of local rates said of one basket going to one place, kept under the print of what was taxed."""

    print = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=20)
    lines_minor = ArrayField(models.PositiveBigIntegerField(), help_text="cents, line by line")
    shipping_minor = models.PositiveBigIntegerField()
    rate = models.DecimalField(max_digits=8, decimal_places=4, help_text="all levels together, per cent")
    reference = models.CharField(max_length=120, help_text="the provider's calculation")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.source} {self.rate} %"


class TaxFiling(models.Model):
    """One booking at the provider of local rates: a sale, what went back of it, or the sale anew, as no return can be
    taken out of its books. Written down before it is sent; the key makes a repeat harmless. `holder` is the order."""

    class Status(models.TextChoices):
        INTENDED = "intended", _("not sent yet")
        DONE = "done", _("booked")
        REFUSED = "refused", _("refused")

    key = models.CharField(max_length=60, unique=True, help_text="the provider's reference")
    holder = models.CharField(max_length=40, db_index=True)
    sale = models.ForeignKey("self", models.PROTECT, null=True, related_name="returns", help_text="empty: a sale")
    anew_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", help_text="the sale as it was first"
    )
    source = models.CharField(max_length=20)
    calculation = models.CharField(max_length=120, blank=True)
    amount_minor = models.PositiveBigIntegerField(help_text="cents, tax included")
    status = models.CharField(max_length=8, choices=Status, default=Status.INTENDED)
    booking = models.CharField(max_length=120, blank=True, help_text="the provider's id")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], condition=Q(status="intended"), name="pricing_filings_to_send")]

    def __str__(self) -> str:
        return self.key

    @property
    def stands_on(self) -> TaxFiling | None:
        """The booking that has to be there before this one."""
        return self.sale or self.anew_of
