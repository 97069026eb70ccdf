from __future__ import annotations

from kidspetite.foundation.content.models import Page, ShopSettings
from kidspetite.foundation.kernel import clock


def shop_settings() -> ShopSettings:
    """The facts that hold now; a shop that has none yet gets the defaults (unsaved)."""
    now = clock.now()
    found = ShopSettings.objects.filter(valid_from__lte=now).order_by("-valid_from").first()
    return found or ShopSettings(valid_from=now)


def page(slug: str) -> Page | None:
    return Page.objects.filter(slug=slug).first()
