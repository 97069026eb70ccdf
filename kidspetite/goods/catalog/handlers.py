from __future__ import annotations

from kidspetite.foundation.media.events import PictureReady
from kidspetite.foundation.plumbing.publishing import on
from kidspetite.goods.catalog import operations
from kidspetite.goods.catalog.models import ProductPhoto


@on(PictureReady)
def show_new_widths(event: PictureReady) -> None:
    """Pages that show these pictures may now name smaller files."""
    shown = ProductPhoto.objects.filter(picture_id__in=event.picture_ids)
    operations.publish_change(shown.values_list("product_id", flat=True))
