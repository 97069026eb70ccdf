"""Which pictures show a product, in which colour and order."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from kidspetite.foundation.plumbing import audit
from kidspetite.goods.catalog.models import Product, ProductPhoto
from kidspetite.goods.catalog.operations.ranking import refresh_rank


@transaction.atomic
def add_photo(product_id: int, picture_id: int, *, colour_id: int | None, view: str, by: str) -> ProductPhoto:
    """Show a picture with a product, after those that are there. Locks the product."""
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    last = product.photos.aggregate(last=Max("position"))["last"]
    photo = ProductPhoto.objects.create(
        product=product, picture_id=picture_id, colour_id=colour_id, view=view, position=0 if last is None else last + 1
    )
    _note(product.pk, "catalog.add_photo", photo.pk, by)
    return photo


@transaction.atomic
def arrange_photo(photo_id: int, *, colour_id: int | None, view: str, position: int, by: str) -> ProductPhoto:
    """Change for which colour, as which view and in which place a picture is shown."""
    photo = ProductPhoto.objects.select_for_update().get(pk=photo_id)
    photo.colour_id, photo.view, photo.position = colour_id, view, position
    photo.save(update_fields=["colour", "view", "position"])
    _note(photo.product_id, "catalog.arrange_photo", photo.pk, by)
    return photo


@transaction.atomic
def take_photo_away(photo_id: int, *, by: str) -> None:
    """Stop showing a picture with its product; the picture itself stays stored."""
    photo = ProductPhoto.objects.select_for_update().get(pk=photo_id)
    product_id, pk = photo.product_id, photo.pk
    photo.delete()
    _note(product_id, "catalog.take_photo_away", pk, by)


def _note(product_id: int, verb: str, photo_id: int, by: str) -> None:
    audit.record(actor=by, verb=verb, subject=f"product:{product_id}", photo=photo_id)
    refresh_rank([product_id])
