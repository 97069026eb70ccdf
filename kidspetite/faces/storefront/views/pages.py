from __future__ import annotations

from xml.sax.xmlreader import AttributesImpl  # nosec B406 - only written with, nothing is parsed

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from kidspetite.faces.edge.caching import cacheable
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.ui.tokens import hex_of
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.types import SitemapEntry

ICON_SIDES = (192, 512)
ALWAYS_THERE = ("shipping", "returns", "privacy", "terms", "about", "accessibility")


@cacheable(tags=["settings", "promotions"], s_maxage=3600)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of the owner's words. The six that the footer links answer kindly even before anything is written."""
    found = content.page(slug)
    if found is None and slug not in ALWAYS_THERE:
        raise Http404
    shop = content.shop_settings()
    body: SafeString | str = content.rendered(found, shop) if found else ""
    title = found.title if found else _(slug.replace("-", " ").capitalize())
    context = {"page": found, "title": title, "body": body, "canonical_url": f"{settings.BASE_URL}/pages/{slug}"}
    response = render(request, "storefront/page.html", context)
    response["Cache-Tag"] = f"page:{slug}"
    return response


@cacheable(tags=["settings"], s_maxage=86400)
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/offline.html")


@cacheable(tags=["settings"], s_maxage=86400)
def robots(request: HttpRequest) -> HttpResponse:
    private = ["/cart", "/checkout", "/account", "/orders", "/sign-in", "/admin", "/fragments", "/search"]
    lines = ["User-agent: *", *[f"Disallow: {path}" for path in private], f"Sitemap: {settings.BASE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@cacheable(tags=["catalog"], s_maxage=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Everything a search engine may show, with the day it last changed."""
    response = HttpResponse(content_type="application/xml")
    xml = SimplerXMLGenerator(response, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", AttributesImpl({"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}))
    for entry in [SitemapEntry("/"), *catalog.sitemap_entries()]:
        xml.startElement("url", AttributesImpl({}))
        xml.addQuickElement("loc", settings.BASE_URL + entry.path)
        if entry.changed_at:
            xml.addQuickElement("lastmod", entry.changed_at.date().isoformat())
        xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
    return response


@cacheable(tags=["settings"], s_maxage=86400)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the shop on its first page. No service worker stands behind it: the shop opens in the
    browser, with its way back."""
    name = content.shop_settings().name
    facts = {
        "id": "/", "start_url": "/", "scope": "/", "display": "minimal-ui", "lang": "en-US", "dir": "ltr",
        "name": name, "short_name": name, "categories": ["shopping", "kids"],
        "description": _("Clothes for babies and small children, found by height."),
        "theme_color": hex_of("paper"), "background_color": hex_of("paper"),
        "icons": [
            {"src": static("ui/icons/mark.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any"},
            *(_icon("icon", side, "any") for side in ICON_SIDES),
            *(_icon("maskable", side, "maskable") for side in ICON_SIDES),
        ],
    }  # fmt: skip
    return JsonResponse(facts, content_type="application/manifest+json")


def _icon(kind: str, side: int, purpose: str) -> dict[str, str]:
    path = static(f"ui/icons/{kind}-{side}.png")
    return {"src": path, "type": "image/png", "sizes": f"{side}x{side}", "purpose": purpose}
