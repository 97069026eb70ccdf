from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import Field, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminColorInputWidget, UnfoldAdminTextareaWidget

from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.raw_rows import RawRows, ReadOnlyRows, money
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.errors import ProductIncomplete
from kidspetite.goods.catalog.models import (
    Category,
    Collection,
    CollectionItem,
    Colour,
    Product,
    ProductPhoto,
    Size,
    Variant,
)

STATUS_LABELS = {"draft": "warning", "active": "success", "archived": "info"}


class CatalogueRows(RawRows):
    """What the shop shows: a change is audited and told to the pages that show it."""

    labels: Mapping[str, str] = {}
    hints: Mapping[str, str] = {}

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Names of fields as an owner would say them."""
        if label := self.labels.get(db_field.name):
            kwargs["label"] = label
        if hint := self.hints.get(db_field.name):
            kwargs["help_text"] = hint
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: ModelForm[Any], formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        row = form.instance
        name = row._meta.model_name
        audit.record(
            actor=self.actor(request), verb=f"catalog.save_{name}", subject=f"{name}:{row.pk}", fields=form.changed_data
        )
        catalog.refresh_rank(self.shown_products(row))
        catalog.publish_everything()  # also pages that showed it before, and those of a word that is new

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        catalog.publish_everything()

    def shown_products(self, row: Any) -> list[int]:
        """The products whose pages and cards show this row."""
        raise NotImplementedError  # every screen below says which; there is no answer for all of them


class FibreField(forms.CharField):
    """What a cloth is made of, as it is written on a label: one `95 organic cotton` a line."""

    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{part.get('percent')} {part.get('material')}" for part in value)
        return value

    def clean(self, value: Any) -> list[dict[str, Any]]:
        parts = []
        for line in super().clean(value).splitlines():
            percent, _space, material = line.strip().replace("%", " ", 1).partition(" ")
            if not (percent.isdecimal() and 0 < int(percent) <= 100 and material.strip()):
                raise forms.ValidationError("One material a line, as 95 organic cotton.")
            parts.append({"material": material.strip(), "percent": int(percent)})
        if parts and sum(part["percent"] for part in parts) != 100:
            raise forms.ValidationError("The parts add up to 100.")
        return parts

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial or []), data)


class LinesField(SimpleArrayField):
    """A list with one entry a line: entries may hold commas."""

    def __init__(self, *, most: int, rows: int) -> None:
        widget = UnfoldAdminTextareaWidget(attrs={"rows": rows})
        super().__init__(forms.CharField(max_length=most), delimiter="\n", required=False, widget=widget)

    def clean(self, value: Any) -> list[str]:
        return list(super().clean("\n".join(line.strip() for line in value.splitlines() if line.strip())))


class ProductForm(forms.ModelForm):
    facts = LinesField(most=200, rows=4)
    care = LinesField(most=20, rows=4)
    fibre = FibreField(required=False, help_text="One a line, as 95 organic cotton")


@admin.register(Product)
class Products(RawRows):
    """Styles. Sizes, colours, prices and stock are set in the grid; pictures on their own page."""

    list_display = ("name", "category", "state", "band", "prices", "sold", "grid")
    list_select_related = ("category",)
    list_filter = ("status", "category", "band", "season", "is_demo")
    search_fields = ("name", "slug", "variants__sku")
    ordering = ("-pk",)
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("category",)
    form = ProductForm
    fields = (
        "name", "slug", "category", "status", "published_at", "summary", "description", "facts", "fibre", "care",
        "safety", "origin", "size_note", "garment", "fabric", "season", "grid",
    )  # fmt: skip
    readonly_fields = ("grid",)

    @display(description="status", ordering="status", label=STATUS_LABELS)
    def state(self, product: Product) -> str:
        return product.status

    @display(description="price", ordering="price_from_minor")
    def prices(self, product: Product) -> str:
        low, high = money(product.price_from_minor), money(product.price_to_minor)
        return low if low == high else f"{low} to {high}"

    @display(description="sizes and pictures")
    def grid(self, product: Product) -> SafeString:
        if not product.pk:
            return mark_safe("Save the product first; then sizes, colors and pictures.")  # nosec B308 - our own words
        return format_html(
            '<a class="underline" href="/admin/products/{0}/grid">Sizes and prices</a> · '
            '<a class="underline" href="/admin/products/{0}/pictures">Pictures</a>',
            product.pk,
        )

    def save_model(self, request: HttpRequest, obj: Product, form: ModelForm[Any], change: Any) -> None:
        """Nothing without a piece to buy goes on sale: it is kept as a draft, and the page says so."""
        try:
            catalog.save_product(obj, by=self.actor(request))
        except ProductIncomplete as error:
            obj.status = Product.Status.DRAFT
            catalog.save_product(obj, by=self.actor(request))
            messages.warning(request, f"{error.message} {error.errors[0].message} It is kept as a draft.")

    def response_add(self, request: HttpRequest, obj: Product, post_url_continue: str | None = None) -> HttpResponse:
        """A new product is of no use without its pieces, so they come next."""
        if {"_addanother", "_continue", "_popup"} & set(request.POST):
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, f"{obj.name} is kept as a draft. Now its sizes and colors.")
        return redirect(f"/admin/products/{obj.pk}/grid")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a product is archived by its status; orders go on naming its pieces


@admin.register(Variant)
class Variants(ReadOnlyRows):
    """Pieces by SKU. Prices are set in the product's grid, counts on the stock page."""

    list_display = ("sku", "product", "colour", "size", "price_", "compare_at", "band", "is_active", "stock_page")
    list_select_related = ("product", "colour", "size")
    list_filter = ("band", "is_active", "size", "colour")
    search_fields = ("sku", "product__name", "barcode")
    ordering = ("sku",)

    @display(description="price", ordering="price_minor")
    def price_(self, variant: Variant) -> str:
        return money(variant.price_minor)

    @display(description="before", ordering="compare_at_minor")
    def compare_at(self, variant: Variant) -> str:
        return money(variant.compare_at_minor)

    @display(description="stock")
    def stock_page(self, variant: Variant) -> SafeString:
        return format_html('<a href="/admin/stock/{}">Stock</a>', variant.sku)


class CollectionItems(TabularInline):
    model = CollectionItem
    extra = 0
    autocomplete_fields = ("product",)
    ordering_field = "position"


@admin.register(Collection)
class Collections(CatalogueRows):
    list_display = ("title", "slug", "is_on_home", "position")
    list_filter = ("is_on_home", "is_demo")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (CollectionItems,)

    def shown_products(self, row: Collection) -> list[int]:
        return list(row.items.values_list("product_id", flat=True))


@admin.register(Category)
class Categories(CatalogueRows):
    list_display = ("name", "parent", "slug", "position")
    list_select_related = ("parent",)
    list_filter = (("parent", admin.RelatedOnlyFieldListFilter), "is_demo")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "parent", "description", "position")
    labels = {"slug": "Address", "parent": "Inside of", "position": "Place"}
    hints = {"slug": "after /category/", "parent": "empty: a category of its own", "position": "0 comes first"}
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)

    def shown_products(self, row: Category) -> list[int]:
        below = [row.pk, *row.children.values_list("pk", flat=True)]
        return list(Product.objects.filter(category_id__in=below).values_list("pk", flat=True))


@admin.register(Colour)
class Colours(CatalogueRows):
    list_display = ("name", "slug", "swatch", "position")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "swatch", "position")
    labels = {"slug": "Short name", "swatch": "Cloth", "position": "Place"}
    hints = {"slug": "stands in addresses of filters", "swatch": "as the cloth looks", "position": "0 comes first"}
    prepopulated_fields = {"slug": ("name",)}

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "swatch":
            kwargs["widget"] = UnfoldAdminColorInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def shown_products(self, row: Colour) -> list[int]:
        return list(Variant.objects.filter(colour=row).order_by().values_list("product_id", flat=True).distinct())


@admin.register(Size)
class Sizes(CatalogueRows):
    list_display = ("label", "group", "height_cm", "age_from_months", "age_to_months", "weight_from_g", "position")
    list_filter = ("group", "is_demo")
    search_fields = ("label", "key")
    prepopulated_fields = {"key": ("label",)}
    fields = (
        "label", "key", "group", "height_cm", "height_from_cm", "height_to_cm", "weight_from_g", "weight_to_g",
        "age_from_months", "age_to_months", "position",
    )  # fmt: skip
    labels = {
        "label": "Name", "key": "Short name", "group": "For", "height_cm": "Height, cm", "position": "Place",
        "height_from_cm": "Fits from, cm", "height_to_cm": "Fits to, cm", "weight_from_g": "From, grams",
        "weight_to_g": "To, grams", "age_from_months": "From, months", "age_to_months": "To, months",
    }  # fmt: skip
    hints = {"label": "as 3–6 m or 2T", "key": "stands in addresses and SKUs", "position": "0 comes first"}

    def shown_products(self, row: Size) -> list[int]:
        return list(Variant.objects.filter(size=row).order_by().values_list("product_id", flat=True).distinct())


@admin.register(ProductPhoto)
class Photos(ReadOnlyRows):
    """Which picture shows which product. They are arranged on the product's pictures page."""

    list_display = ("product", "colour", "view", "position")
    list_select_related = ("product", "colour")
    list_filter = ("view",)
    search_fields = ("product__name", "product__slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductPhoto]:
        return super().get_queryset(request).select_related("picture")
