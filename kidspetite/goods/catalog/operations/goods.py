"""What staff change about products."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.foundation.plumbing import audit
from kidspetite.goods.catalog.errors import ProductIncomplete
from kidspetite.goods.catalog.models import Product
from kidspetite.goods.catalog.operations.ranking import publish_everything, refresh_rank


@transaction.atomic
def save_product(product: Product, *, by: str) -> Product:
    """Save a product whose form, pieces and photos were changed, rank it anew and tell the pages that show it.

    Refuses (ProductIncomplete) to put on sale what has no piece to buy. The first time on sale sets its date.
    """
    if product.status == Product.Status.ACTIVE:
        if not product.pk or not product.variants.filter(is_active=True).exists():
            raise ProductIncomplete(
                errors=(FieldError("variants", _("Add at least one size and color that can be bought.")),)
            )
        product.published_at = product.published_at or clock.now()
        if product.published_at <= clock.now():
            product.announced_at = product.announced_at or clock.now()
    was_in = Product.objects.filter(pk=product.pk).values_list("category_id", flat=True).first()
    product.save()
    refresh_rank([product.pk])
    if was_in not in {None, product.category_id}:
        publish_everything()  # the lists it has left show one less
    audit.record(actor=by, verb="save_product", subject=f"product:{product.pk}", status=product.status)
    return product


@transaction.atomic
def archive_product(product_id: int, *, by: str) -> Product:
    """Take a product off sale for good; its pieces stay known to the orders that hold them."""
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    product.status = Product.Status.ARCHIVED
    product.save(update_fields=["status", "updated_at"])
    refresh_rank([product.pk])
    audit.record(actor=by, verb="archive_product", subject=f"product:{product.pk}")
    return product
