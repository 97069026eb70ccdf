from pathlib import Path

import pytest

from kidspetite.foundation.media import operations as media
from kidspetite.foundation.media.models import Picture
from kidspetite.goods.catalog.models import Product, Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as shelves
from kidspetite.sales.orders.models import Order
from tests.factories.catalog import a_colour, a_product, a_size
from tests.factories.checkout import a_stocked_variant
from tests.factories.inventory import hold_for
from tests.factories.orders import a_paid_order

pytestmark = pytest.mark.django_db


def _cells(product: Product, **changes: str) -> dict[str, object]:
    """The grid as the page would send it, with changes as `colour_size_field`."""
    rows = list(product.variants.all())
    data: dict[str, object] = {
        "colour": [str(pk) for pk in {row.colour_id for row in rows}],
        "size": [str(pk) for pk in {row.size_id for row in rows}],
    }
    for row in rows:
        name = f"{row.colour_id}-{row.size_id}"
        data |= {
            f"{name}.sold": "1",
            f"{name}.price": f"{row.price_minor / 100:.2f}",
            f"{name}.was": "",
            f"{name}.stock": "0",
        }
    return data


def test_the_grid_saves_prices_pieces_and_new_sizes_in_one_go(owner):
    product = a_product(sizes=("3m",), colours=("clover",))
    clover, new, old = a_colour("clover"), a_size("12m"), a_size("3m")
    data = _cells(product) | {"size": [old.pk, new.pk]}
    data |= {
        f"{clover.pk}-{old.pk}.price": "20",
        f"{clover.pk}-{old.pk}.was": "25.50",
        f"{clover.pk}-{old.pk}.stock": "7",
    }
    data |= {
        f"{clover.pk}-{new.pk}.sold": "1",
        f"{clover.pk}-{new.pk}.price": "22.00",
        f"{clover.pk}-{new.pk}.stock": "3",
    }
    assert owner.post(f"/admin/products/{product.pk}/grid", data).status_code == 302
    first, second = product.variants.get(size=old), product.variants.get(size=new)
    assert (first.price_minor, first.compare_at_minor, second.price_minor) == (2000, 2550, 2200)
    assert first.sku.rsplit("-", 2)[0] == second.sku.rsplit("-", 2)[0]
    assert [shelves.stock_facts(row.sku).on_hand for row in (first, second)] == [7, 3]
    product.refresh_from_db()
    assert (product.price_from_minor, product.price_to_minor) == (2000, 2200)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("price", "0", "A price above nothing"), ("price", "abc", "A price above nothing"),
        ("price", "", "A price above"),
        ("price", "-5", "A price above nothing"), ("was", "1.00", "must be above"), ("stock", "1.5", "whole number"),
        ("stock", "-1", "whole number"), ("price", "1e400", "A price above"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_all_is_kept_as_typed_and_nothing_is_saved(owner, field, value, words):
    product = a_product(sizes=("3m", "6m"), colours=("clover",))
    bad, good = product.variants.order_by("pk")
    data = _cells(product)
    data |= {f"{bad.colour_id}-{bad.size_id}.{field}": value, f"{good.colour_id}-{good.size_id}.price": "99.00"}
    page = owner.post(f"/admin/products/{product.pk}/grid", data)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert f'value="{value}"' in page.content.decode()
    assert 'value="99.00"' in page.content.decode()
    assert set(Variant.objects.filter(product=product).values_list("price_minor", flat=True)) == {1800}


def test_pieces_that_are_being_paid_for_refuse_the_whole_grid(owner):
    variant = a_stocked_variant(4)
    inventory.make_firm({variant.pk: 3}, from_holder="cart:1", holder="order:KP-1", until=_soon())
    data = _cells(variant.product)
    data |= {f"{variant.colour_id}-{variant.size_id}.stock": "1", f"{variant.colour_id}-{variant.size_id}.price": "44"}
    page = owner.post(f"/admin/products/{variant.product_id}/grid", data)
    assert page.status_code == 422
    variant.refresh_from_db()
    assert variant.price_minor == 1800
    assert shelves.stock_facts(variant.sku).on_hand == 4


def test_filling_a_column_saves_nothing_yet(owner):
    product = a_product(sizes=("3m", "6m"), colours=("clover", "milk"))
    size = a_size("3m")
    data = _cells(product) | {"fill": "1", "fill_where": f"s{size.pk}", "fill_price": "31.00"}
    page = owner.post(f"/admin/products/{product.pk}/grid", data).content.decode()
    assert page.count('value="31.00"') == 2
    assert not Variant.objects.filter(price_minor=3100).exists()


def test_a_product_on_sale_keeps_one_piece(owner):
    product = a_product(sizes=("3m",), colours=("clover",))
    data = {name: value for name, value in _cells(product).items() if not name.endswith(".sold")}
    assert owner.post(f"/admin/products/{product.pk}/grid", data).status_code == 422
    assert product.variants.get().is_active


def test_stock_is_added_taken_and_set_with_a_reason(owner):
    variant = a_stocked_variant(10)
    path = f"/admin/stock/{variant.sku}"
    for how, count, after in (("add", "5", 15), ("take", "3", 12), ("set", "40", 40)):
        assert owner.post(path, {"how": how, "count": count, "reason": "count", "note": "shelf B"}).status_code == 302
        assert shelves.stock_facts(variant.sku).on_hand == after
    page = owner.get(path).content.decode()
    assert "How it came to 40" in page
    assert "counted: shelf B" in page


@pytest.mark.parametrize(
    ("how", "count"), [("take", "11"), ("add", "0"), ("add", "-1"), ("set", "abc"), ("set", "9999999"), ("", "1")]
)
def test_a_change_that_cannot_be_leaves_the_shelf(owner, how, count):
    variant = a_stocked_variant(10)
    page = owner.post(f"/admin/stock/{variant.sku}", {"how": how, "count": count, "reason": "count"})
    assert page.status_code == 422
    assert shelves.stock_facts(variant.sku).on_hand == 10


def test_setting_below_baskets_ends_their_holds(owner):
    variant = a_stocked_variant(10)
    hold_for("cart:9", variant, 8)
    owner.post(f"/admin/stock/{variant.sku}", {"how": "set", "count": "2", "reason": "damaged"})
    assert shelves.stock_facts(variant.sku).reserved == 0


def test_removing_the_demo_keeps_what_the_owner_made(owner):
    own, demo, named = a_stocked_variant(), a_stocked_variant(), a_stocked_variant()
    Product.objects.filter(pk__in=[demo.product_id, named.product_id]).update(is_demo=True)
    kept_order, demo_order = a_paid_order(named, own), a_paid_order(demo)
    Order.objects.filter(pk=demo_order.pk).update(is_demo=True)
    page = owner.get("/admin/demo").content.decode()
    assert "1 demo order" in page
    assert owner.post("/admin/demo", {"word": ""}).status_code == 422
    assert Order.objects.count() == 2
    assert owner.post("/admin/demo", {"word": "Remove"}).status_code == 302
    assert list(Order.objects.values_list("number", flat=True)) == [kept_order.number]
    assert set(Product.objects.values_list("pk", "status")) == {
        (own.product_id, "active"), (named.product_id, "archived"),
    }  # fmt: skip
    assert kept_order.lines.count() == 2
    from kidspetite.sales.payments.queries import broken_promises

    assert broken_promises() == []
    assert shelves.broken_promises() == []


def test_demo_pictures_go_with_their_files_unless_something_shows_them(owner, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    shown, unused, own = (
        media.store_drawing(f'<svg viewBox="0 0 96 120"><!-- {n} --></svg>', "A hat", is_demo=n < 2) for n in range(3)
    )
    product = a_stocked_variant().product
    product.photos.create(picture=shown, position=9)
    (tmp_path / unused.original).with_name(f"{unused.digest}-240.webp").write_bytes(b"x")
    assert owner.post("/admin/demo", {"word": "Remove"}).status_code == 302
    assert set(Picture.objects.filter(pk__in=(shown.pk, unused.pk, own.pk))) == {shown, own}
    assert (tmp_path / unused.original).exists()  # a file cannot be brought back, so it goes after the commit
    media.remove_files([unused.digest])
    left = {file.name for file in tmp_path.rglob("*.*")}
    assert left >= {Path(shown.original).name, Path(own.original).name}
    assert not any(name.startswith(unused.digest) for name in left)


def test_files_of_a_picture_that_was_stored_again_stay(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    drawing = media.store_drawing('<svg viewBox="0 0 96 120"></svg>', "A hat", is_demo=True)
    media.remove_files([drawing.digest])
    assert (tmp_path / drawing.original).exists()


def _soon():
    from datetime import timedelta

    from kidspetite.foundation.kernel import clock

    return clock.now() + timedelta(minutes=30)
