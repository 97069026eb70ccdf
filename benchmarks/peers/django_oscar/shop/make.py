"""Fill the shop: python -m shop.make 500"""

import io
import os
import sys
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
django.setup()

from django.core.files.base import ContentFile  # noqa: E402  Django must be ready first
from oscar.apps.catalogue.categories import create_from_breadcrumbs  # noqa: E402  the same
from oscar.core.loading import get_model  # noqa: E402  the same
from PIL import Image  # noqa: E402  the same

DRAWERS = ("Bodysuits", "Tops", "Bottoms", "Sleep")


def make(count: int) -> None:
    """So many products with price, stock and a picture, in four categories."""
    kind = get_model("catalogue", "ProductClass").objects.create(name="Clothes")
    partner = get_model("partner", "Partner").objects.create(name="Shop")
    drawers = [create_from_breadcrumbs(f"Clothes > {name}") for name in DRAWERS]
    picture = io.BytesIO()
    Image.new("RGB", (480, 600), "teal").save(picture, "JPEG")
    for number in range(count):
        product = get_model("catalogue", "Product").objects.create(
            structure="standalone", product_class=kind, title=f"Striped bodysuit {number}",
            description="Soft cotton, cut for the height. " * 4, is_public=True,
        )  # fmt: skip
        get_model("catalogue", "ProductCategory").objects.create(product=product, category=drawers[number % 4])
        get_model("partner", "StockRecord").objects.create(
            product=product, partner=partner, partner_sku=f"S{number}", price=Decimal("18.00"), num_in_stock=1000
        )
        photo = get_model("catalogue", "ProductImage")(product=product, display_order=0)
        photo.original.save(f"{number}.jpg", ContentFile(picture.getvalue()))


if __name__ == "__main__":
    make(int(sys.argv[1]))
