from __future__ import annotations

from collections.abc import Collection as Ids

from django.db import transaction

from kidspetite.foundation.media import operations as media
from kidspetite.foundation.plumbing import audit
from kidspetite.goods.catalog.models import Category, Collection, Colour, Product, ProductPhoto, Size, Variant
from kidspetite.goods.catalog.operations.ranking import publish_change


@transaction.atomic
def forget_demo_goods(*, keep: Ids[int], by: str) -> tuple[int, int]:
    """Delete demo products, and archive those in `keep`, which an owner's order names; gives (deleted, archived).

    Demo sizes, colours, categories and collections go when nothing of the owner's uses them. Expects the shelves of
    the deleted products to be cleared away. So do demo pictures that nothing shows any more.
    """
    demo = Product.objects.filter(is_demo=True)
    archived = list(demo.filter(pk__in=keep).values_list("pk", flat=True))
    gone = list(demo.exclude(pk__in=keep).values_list("pk", flat=True))
    publish_change([*gone, *archived])  # while their lists can still be named
    Product.objects.filter(pk__in=archived).update(status=Product.Status.ARCHIVED, is_available=False)
    Product.objects.filter(pk__in=gone).delete()
    used = Variant.objects.order_by()
    Size.objects.filter(is_demo=True).exclude(pk__in=used.values("size_id")).delete()
    Colour.objects.filter(is_demo=True).exclude(pk__in=used.values("colour_id")).delete()
    Collection.objects.filter(is_demo=True, items=None).delete()
    Category.objects.filter(is_demo=True, products=None, children=None).delete()
    Category.objects.filter(is_demo=True, products=None, children=None).delete()  # parents that are empty now
    media.forget_demo_pictures(keep=_pictures_in_use())
    audit.record(actor=by, verb="catalog.forget_demo_goods", subject="demo", deleted=len(gone), archived=len(archived))
    return len(gone), len(archived)


def _pictures_in_use() -> set[int]:
    """What a product still shows, as a photo or as the cover its lists take."""
    found = set(ProductPhoto.objects.values_list("picture_id", flat=True))
    for covered in (Product, Variant):
        found |= set(covered.objects.filter(cover__isnull=False).values_list("cover_id", flat=True))
    return found
