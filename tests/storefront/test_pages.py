"""The storefront through HTTP: same bytes for everybody, few queries whatever the size, kind answers when empty."""

from __future__ import annotations

import gzip

import pytest
import zstandard
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kidspetite.goods.catalog.models import Product, Variant
from kidspetite.goods.catalog.queries import keeper
from tests.factories.catalog import a_collection, a_product

pytestmark = pytest.mark.django_db
CATALOGUE = (
    "/",
    "/products",
    "/category/bodysuits",
    "/size-guide",
    "/search?q=bodysuit",
    "/pages/shipping",
    "/sitemap.xml",
)
EMPTY_SHOP = (
    "/", "/products", "/search", "/search?q=anything", "/search/suggest?q=bo", "/cart", "/size-guide", "/contact",
    "/orders/find", "/sign-in", "/sign-up", "/sign-in/reset", "/offline", "/robots.txt", "/sitemap.xml",
    "/pages/shipping", "/pages/returns", "/pages/privacy", "/pages/terms", "/pages/about", "/pages/accessibility",
)  # fmt: skip


@pytest.fixture
def client() -> Client:
    """Not pytest-django's: errors become the shop's own pages, as outside."""
    return Client(raise_request_exception=True)


@pytest.mark.parametrize("path", EMPTY_SHOP)
def test_an_empty_shop_answers_every_page(client: Client, path: str):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [*CATALOGUE, "/products/harbour"])
def test_catalogue_pages_are_the_same_bytes_for_everybody(client: Client, path: str, django_user_model):
    a_product("Harbour", slug="harbour")
    first = client.get(path)
    stranger = Client()
    stranger.force_login(django_user_model.objects.create_user("robin@home.example", "seven-odd-buttons"))
    second = stranger.get(path)
    assert first.content == second.content
    assert "s-maxage" in first.headers["Cache-Control"]
    assert not first.cookies
    assert "Cookie" not in first.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 6),
        ("/products", 4),
        ("/products?size=6m&colour=clover", 4),
        ("/category/bodysuits", 4),
        ("/products/style-3", 8),
    ],
)
def test_queries_do_not_grow_with_the_catalogue(client: Client, path: str, most: int, scale, monkeypatch):
    monkeypatch.setattr(keeper, "LAG_SECONDS", 3600)  # on a slow machine it would be time to look once more
    many(12)
    client.get(path)
    few = queries_of(client, path)
    many(scale(400, 4000), begin=100)
    client.get(path)
    more = queries_of(client, path)
    assert more == few <= most


@pytest.mark.parametrize(
    "path", ["/products?page=999", "/products?page=-1", "/products?page=x", "/products?size=%00&sort=;drop"]
)
def test_odd_addresses_of_lists_do_no_harm(client: Client, path: str):
    many(3)
    assert client.get(path).status_code in {200, 302, 400, 422}


@pytest.mark.parametrize(
    "path",
    ["/products/none", "/category/none", "/collection/none", "/pages/none", "/orders/none", "/checkout/complete/none"],
)
def test_what_is_not_there_is_a_calm_404(client: Client, path: str):
    answer = client.get(path)
    assert answer.status_code == 404
    assert b'name="q"' in answer.content
    assert b"/contact" in answer.content


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br, zstd", "zstd"), ("gzip", "gzip"), ("gzip, zstd;q=0", "gzip"), ("br", None), ("", None)],
)
def test_shared_pages_travel_packed(client: Client, accepted: str, encoding: str | None):
    many(12)
    packed = client.get("/products", headers={"Accept-Encoding": accepted})
    assert packed.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in packed.headers["Vary"]
    unpack = {"zstd": zstandard.ZstdDecompressor().decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert b"</html>" in unpack(packed.content)


@pytest.mark.parametrize("site", ["same-origin", "none"])
@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip", "gzip"), ("gzip, deflate, br, zstd", "zstd"), ("zstd;q=0, gzip;q=0.5", "gzip")]
)
def test_personal_pages_travel_packed_to_whom_no_other_site_sent(client: Client, site: str, accepted, encoding: str):
    headers = {"Accept-Encoding": accepted, "Sec-Fetch-Site": site}
    packed = [client.get("/cart", headers=headers) for _ in range(40)]
    assert {answer.headers["Content-Encoding"] for answer in packed} == {encoding}
    for answer in packed:
        assert _unpacked(answer.content, encoding).rstrip().endswith(b"</html>")
    assert packed[0].headers["Content-Length"] == str(len(packed[0].content))
    assert len({len(answer.content) for answer in packed}) > 5, "how long it is tells nothing exact"


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_personal_pages_travel_plain_to_whom_another_site_may_have_sent(client: Client, site: str):
    headers = {"Accept-Encoding": "gzip, zstd"} | ({"Sec-Fetch-Site": site} if site else {})
    assert "Content-Encoding" not in client.get("/cart", headers=headers).headers


def _unpacked(content: bytes, encoding: str) -> bytes:
    """All frames, as a browser reads them."""
    if encoding == "gzip":
        return gzip.decompress(content)
    return zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True).read()


def test_a_personal_page_travels_plain_to_whom_packing_is_not_welcome(client: Client):
    headers = {"Accept-Encoding": "gzip;q=0", "Sec-Fetch-Site": "none"}
    assert "Content-Encoding" not in client.get("/cart", headers=headers).headers


def test_a_collection_shows_its_products(client: Client):
    style = a_product("Puddle raincoat")
    collection = a_collection("Puddle season", (style,))
    assert b"Puddle raincoat" in client.get(f"/collection/{collection.slug}").content


def test_structured_data_says_what_the_page_says(client: Client):
    a_product("Harbour", slug="harbour", price=1800)
    page = client.get("/products/harbour").content.decode()
    assert '"price": "18.00"' in page
    assert "$18.00" in page
    assert "aggregateRating" not in page


def many(number: int, begin: int = 0) -> None:
    """So many styles beside the first, written in bulk."""
    model = a_product(f"Style {begin}", slug=f"style-{begin}")
    facts = {
        f.attname: getattr(model, f.attname)
        for f in Product._meta.concrete_fields
        if f.name not in {"id", "slug", "name"}
    }
    styles = Product.objects.bulk_create(
        Product(**facts, slug=f"style-{begin + n}", name=f"Style {begin + n}") for n in range(1, number)
    )
    piece = model.variants.first()
    assert piece is not None
    Variant.objects.bulk_create(
        Variant(
            product=style, sku=f"B{style.pk}", size=piece.size, colour=piece.colour, price_minor=1800, band="in_stock"
        )
        for style in styles
    )


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)
