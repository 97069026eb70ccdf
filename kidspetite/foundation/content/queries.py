from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

import nh3
from babel.dates import format_time, get_timezone, get_timezone_name
from babel.numbers import format_currency
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from kidspetite.foundation.content import rules
from kidspetite.foundation.content.models import Page, ShopSettings
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.briefly import briefly
from kidspetite.foundation.plumbing.recipes import Given, Recipe

_THAT_HOLD = Recipe(lambda: ShopSettings.objects.filter(valid_from__lte=Given("now")).order_by("-valid_from")[:1])
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def settings_in_force() -> ShopSettings:
    """The facts that hold now; a shop that has none yet gets the defaults (unsaved). For whoever is about to change
    them."""
    now = clock.now()
    return _THAT_HOLD.row(now=now) or ShopSettings(valid_from=now)


@briefly
def shop_settings() -> ShopSettings:
    """The same, or what held a second ago. For reading only: everybody is given the same object."""
    return settings_in_force()


def shop_zone() -> ZoneInfo:
    """The time zone in which the shop tells the time, for letters and jobs; pages have it already."""
    return ZoneInfo(shop_settings().time_zone)


def page(slug: str) -> Page | None:
    return Page.objects.filter(slug=slug).first()


def pages() -> list[Page]:
    return list(Page.objects.order_by("title"))


def rendered(page: Page, shop: ShopSettings) -> SafeString:
    """The page's Markdown as clean HTML, with the shop's facts in their places."""
    html = _markdown.render(rules.fill_places(page.body, facts_of(shop)))
    return mark_safe(nh3.clean(html))  # nosec - cleaned in the same line


def facts_of(shop: ShopSettings) -> dict[str, str]:
    """The facts that pages may mention, in words."""
    free_from = shop.free_shipping_from
    return {
        "name": shop.name,
        "email": shop.email,
        "phone": shop.phone,
        "postal_address": ", ".join(shop.address_lines),
        "return_days": str(shop.return_days),
        "free_shipping_from": format_currency(free_from.minor / 100, "USD", locale="en_US") if free_from else "",
        "cutoff": _hour(shop.cutoff_hour, shop.time_zone),
    }


def _hour(hour: int, time_zone: str) -> str:
    zone = get_timezone_name(get_timezone(time_zone), width="short", locale="en_US")
    return f"{format_time(time(hour), 'h a', locale='en_US')} {zone}"
