from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.money import Money


class Band(models.TextChoices):
    """How a shelf looks from outside; written by inventory when it changes. HELD: every piece is in a basket or being
    paid for, and may be free again soon."""

    IN_STOCK = "in_stock", _("in stock")
    FEW = "few", _("few left")
    HELD = "held", _("in baskets")
    SOLD_OUT = "sold_out", _("sold out")


class Size(models.Model):
    """A size as a thing to reason about: whom it fits, in months, centimetres and grams."""

    class Group(models.TextChoices):
        BODY = "body", _("clothes")
        HAT = "hat", _("hats")
        SOCK = "sock", _("feet")
        ONE = "one", _("one size")

    key = models.SlugField(unique=True)
    label = models.CharField(max_length=20)
    group = models.CharField(max_length=6, choices=Group, default=Group.BODY)
    age_from_months = models.PositiveSmallIntegerField(null=True, blank=True)
    age_to_months = models.PositiveSmallIntegerField(null=True, blank=True)
    height_cm = models.PositiveSmallIntegerField(null=True, blank=True, help_text="the number on the tape")
    height_from_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    height_to_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    weight_from_g = models.PositiveIntegerField(null=True, blank=True)
    weight_to_g = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(age_to_months__isnull=True) | Q(age_to_months__gte=F("age_from_months")),
                name="catalog_size_ages_rise",
            ),
            models.CheckConstraint(
                condition=Q(height_to_cm__isnull=True) | Q(height_to_cm__gte=F("height_from_cm")),
                name="catalog_size_heights_rise",
            ),
            models.CheckConstraint(
                condition=Q(weight_to_g__isnull=True) | Q(weight_to_g__gte=F("weight_from_g")),
                name="catalog_size_weights_rise",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Colour(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=40)
    swatch = models.CharField(max_length=7, help_text="#rrggbb")
    position = models.PositiveSmallIntegerField(default=0)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(swatch__regex=r"^#[0-9a-f]{6}$"), name="catalog_swatch_is_a_colour")
        ]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A branch of the tree; at most two levels are shown."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=300, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(default=0)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")), name="catalog_no_category_is_its_own_parent"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """One style in all its sizes and colours: the thing a list shows once.

    The columns below `-- ranked by --` are written by catalog commands from the variants, so that a list of 24 needs
    one query whatever the size of the catalogue.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("on sale")
        ARCHIVED = "archived", _("archived")

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    garment = models.CharField(max_length=20, blank=True)
    fabric = models.CharField(max_length=20, blank=True)
    season = models.CharField(max_length=12, blank=True, default="all")
    facts = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    fibre = models.JSONField(default=list, blank=True, help_text='[{"material": "organic cotton", "percent": 100}]')
    care = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    safety = models.CharField(max_length=400, blank=True)
    origin = models.CharField(max_length=60, blank=True)
    size_note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)
    is_demo = models.BooleanField(default=False, editable=False)
    # -- ranked by --
    price_from_minor = models.BigIntegerField(default=0, editable=False)
    price_to_minor = models.BigIntegerField(default=0, editable=False)
    compare_at_minor = models.BigIntegerField(null=True, blank=True, editable=False)
    size_ids = ArrayField(models.BigIntegerField(), default=list, editable=False, help_text="sizes in stock")
    colour_ids = ArrayField(models.BigIntegerField(), default=list, editable=False, help_text="colours in stock")
    piece_keys = ArrayField(
        models.BigIntegerField(), default=list, editable=False, help_text="size and colour of the pieces in stock"
    )
    band = models.CharField(max_length=8, choices=Band, default=Band.SOLD_OUT, editable=False)
    is_available = models.BooleanField(default=False, editable=False)
    cover = models.ForeignKey("media.Picture", models.SET_NULL, null=True, editable=False, related_name="+")
    sold = models.PositiveIntegerField(default=0, editable=False)
    search_text = models.TextField(default="", editable=False, help_text="its words as written, in lower case")
    words = SearchVectorField(null=True, editable=False, help_text="everything said of it, for finding")
    being = SearchVectorField(null=True, editable=False, help_text="name (A) and what it is (B), for ranking the found")
    announced_at = models.DateTimeField(null=True, editable=False, help_text="when the shop heard that it is on sale")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(price_from_minor__gte=0), name="catalog_price_from_not_negative"),
        ]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="catalog_newest"),
            GinIndex(fields=["words"], name="catalog_by_words"),
            models.Index(fields=["published_at"], condition=Q(announced_at=None), name="catalog_to_announce"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def price_from(self) -> Money:
        return Money(self.price_from_minor)


class Variant(models.Model):
    """One size in one colour: what a basket holds and a shelf counts. Prices in cents, weight in grams."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="variants")
    sku = models.CharField(max_length=40, unique=True)
    size = models.ForeignKey(Size, models.PROTECT, related_name="+")
    colour = models.ForeignKey(Colour, models.PROTECT, related_name="+")
    price_minor = models.PositiveBigIntegerField()
    compare_at_minor = models.PositiveBigIntegerField(null=True, blank=True)
    barcode = models.CharField(max_length=14, blank=True)
    weight_g = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    band = models.CharField(max_length=8, choices=Band, default=Band.SOLD_OUT, editable=False)
    cover = models.ForeignKey("media.Picture", models.SET_NULL, null=True, editable=False, related_name="+")
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["size__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "size", "colour"], name="catalog_one_variant_a_size_and_colour"),
            models.CheckConstraint(
                condition=Q(compare_at_minor__isnull=True) | Q(compare_at_minor__gt=F("price_minor")),
                name="catalog_compare_at_is_above_price",
                violation_error_message=_("The earlier price must be above today's."),
            ),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def price(self) -> Money:
        return Money(self.price_minor)

    @property
    def compare_at(self) -> Money | None:
        return None if self.compare_at_minor is None else Money(self.compare_at_minor)


class ProductPhoto(models.Model):
    """A picture of a product, in one colour or for all of them, in the order they are shown."""

    class View(models.TextChoices):
        FRONT = "front", _("front")
        BACK = "back", _("back")
        DETAIL = "detail", _("detail")
        TAPE = "tape", _("on the tape")
        OTHER = "other", _("other")

    product = models.ForeignKey(Product, models.CASCADE, related_name="photos")
    colour = models.ForeignKey(Colour, models.CASCADE, null=True, blank=True, related_name="+")
    picture = models.ForeignKey("media.Picture", models.PROTECT, related_name="+")
    view = models.CharField(max_length=8, choices=View, default=View.OTHER)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.product_id} {self.view}"


class Collection(models.Model):
    """Products chosen by hand for one moment of family life."""

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_on_home = models.BooleanField(default=False)
    products = models.ManyToManyField(Product, through="CollectionItem", related_name="collections")
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class CollectionItem(models.Model):
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["collection", "product"], name="catalog_once_in_a_collection")]

    def __str__(self) -> str:
        return f"{self.collection_id} {self.product_id}"


class ShelfChange(models.Model):
    """A trigger's note that a product, or all of them, may look different in lists, or be found by other words; kept
    for an hour.

    `transaction` is PostgreSQL's own number of the writing transaction, so that a reader who remembers the oldest one
    that was still open misses nothing, in whatever order they commit.
    """

    product_id = models.BigIntegerField(null=True)
    transaction = models.BigIntegerField(db_index=True)
    is_wording = models.BooleanField(db_default=False)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"product {self.product_id}"
