import pytest

from kidspetite.goods.catalog.errors import UnknownSku
from kidspetite.goods.catalog.models import Band, Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.errors import BadCount, FirmHoldsExceed, HoldGone, OutOfStock
from kidspetite.goods.inventory.models import Hold, Movement
from tests.factories.catalog import a_variant
from tests.factories.inventory import hold_for, put_on_shelf, soon, stock_of

pytestmark = pytest.mark.django_db


def firm(order: str, variant: Variant, pieces: int) -> None:
    inventory.make_firm({variant.pk: pieces}, from_holder="cart:1", holder=order, until=soon(60))


def facts(variant: Variant) -> tuple[int, int, int]:
    found = stock.stock_facts(variant.sku)
    return found.on_hand, found.reserved, found.available


@pytest.fixture(autouse=True)
def kept_promises():
    yield
    assert stock.broken_promises() == []


def test_the_first_delivery_opens_the_shelf_and_the_band():
    coat = a_variant(band=Band.SOLD_OUT)
    assert facts(coat) == (0, 0, 0)
    put_on_shelf(coat, 7)
    assert facts(coat) == (7, 0, 7)
    assert Variant.objects.get(pk=coat.pk).band == Band.IN_STOCK


@pytest.mark.parametrize("pieces", [0, -1, True, 1.5, "2", None, 1_000_001])
def test_a_delivery_of_an_impossible_number_changes_nothing(pieces):
    coat = stock_of(2)
    with pytest.raises(BadCount) as refused:
        inventory.receive_stock({coat.pk: pieces}, reason="delivery", by="user:1")
    assert [error.field for error in refused.value.errors] == ["quantity"]
    assert facts(coat) == (2, 0, 2)


def test_a_count_is_a_movement_with_reason_and_actor():
    coat = stock_of(5)
    inventory.set_stock(coat.pk, on_hand=3, reason="two had a stain", by="user:7")
    entry = stock.timeline(coat.sku)[0]
    assert (entry.kind, entry.quantity, entry.balance) == ("adjusted", -2, 3)
    assert (entry.reason, entry.actor) == ("two had a stain", "user:7")


def test_counting_what_was_known_writes_nothing():
    coat = stock_of(5)
    inventory.set_stock(coat.pk, on_hand=5, reason="counted", by="user:7")
    assert len(stock.timeline(coat.sku)) == 1


def test_a_count_below_the_holds_ends_baskets_newest_first():
    coat = stock_of(6)
    for number in (1, 2, 3):
        hold_for(f"cart:{number}", coat, 2)
    Hold.objects.filter(holder="cart:2").update(created_at=soon(1))
    left = inventory.set_stock(coat.pk, on_hand=4, reason="counted", by="user:7")
    assert (left.on_hand, left.reserved, left.available) == (4, 4, 0)
    assert set(Hold.objects.values_list("holder", flat=True)) == {"cart:1", "cart:3"}


def test_a_count_below_what_is_being_paid_for_is_refused_with_the_facts():
    coat = stock_of(6)
    firm("order:A", coat, 3)
    hold_for("cart:2", coat, 2)
    with pytest.raises(FirmHoldsExceed) as refused:
        inventory.set_stock(coat.pk, on_hand=2, reason="counted", by="user:7")
    assert refused.value.facts == {"sku": coat.sku, "on_hand": 2, "firm": 3}
    assert facts(coat) == (6, 5, 1)
    assert inventory.set_stock(coat.pk, on_hand=3, reason="counted", by="user:7").reserved == 3


@pytest.mark.parametrize("count", [-1, True, 2.0, "7", 1_000_001])
def test_a_count_is_a_whole_number_that_can_be(count):
    coat = stock_of(2)
    with pytest.raises(BadCount) as refused:
        inventory.set_stock(coat.pk, on_hand=count, reason="counted", by="user:7")
    assert [error.field for error in refused.value.errors] == ["on_hand"]


def test_a_sale_takes_pieces_off_the_shelf_once_however_often_it_is_told():
    coat, hat = stock_of(5), stock_of(4)
    hold_for("cart:1", coat, 2)
    inventory.make_firm({coat.pk: 2, hat.pk: 4}, from_holder="cart:1", holder="order:A", until=soon())
    for _ in range(3):
        inventory.sell_held(holder="order:A", cause="order:A")
    assert (facts(coat), facts(hat)) == ((3, 0, 3), (0, 0, 0))
    assert Movement.objects.filter(kind="sold", cause="order:A").count() == 2
    assert Variant.objects.get(pk=hat.pk).band == Band.SOLD_OUT


def test_a_sale_whose_hold_lapsed_but_is_not_freed_goes_through():
    coat = stock_of(1)
    inventory.make_firm({coat.pk: 1}, from_holder="cart:1", holder="order:A", until=soon(-1))
    inventory.sell_held(holder="order:A", cause="order:A")
    assert facts(coat) == (0, 0, 0)


def test_a_sale_whose_hold_was_swept_takes_what_is_free():
    coat = stock_of(2)
    firm("order:A", coat, 2)
    Hold.objects.update(expires_at=soon(-1))
    inventory.release_expired()
    inventory.sell_held(holder="order:A", cause="order:A", wanted={coat.pk: 2})
    assert facts(coat) == (0, 0, 0)


def test_a_sale_whose_pieces_are_gone_is_refused_and_takes_none():
    coat, hat = stock_of(2), stock_of(2)
    inventory.make_firm({coat.pk: 2, hat.pk: 1}, from_holder="cart:1", holder="order:A", until=soon())
    Hold.objects.update(expires_at=soon(-1))
    hold_for("cart:2", coat, 1)
    with pytest.raises(OutOfStock):
        inventory.sell_held(holder="order:A", cause="order:A", wanted={coat.pk: 2, hat.pk: 1})
    assert facts(coat)[0] == 2
    assert facts(hat)[0] == 2


def test_a_sale_of_nothing_held_says_so():
    with pytest.raises(HoldGone):
        inventory.sell_held(holder="order:A", cause="order:A")


def test_a_sale_that_wants_nothing_sells_nothing():
    inventory.sell_held(holder="order:A", cause="order:A", wanted={})
    assert not Movement.objects.filter(kind="sold").exists()


def test_returned_pieces_are_for_sale_again_with_their_cause():
    coat = stock_of(1)
    firm("order:A", coat, 1)
    inventory.sell_held(holder="order:A", cause="order:A")
    inventory.take_back({coat.pk: 1}, cause="order:A", reason="too small", by="user:3")
    assert facts(coat) == (1, 0, 1)
    assert [(e.kind, e.quantity, e.balance, e.cause) for e in stock.timeline(coat.sku)] == [
        ("returned", 1, 1, "order:A"),
        ("sold", -1, 0, "order:A"),
        ("received", 1, 1, ""),
    ]


def test_an_unknown_sku_has_no_shelf():
    with pytest.raises(UnknownSku) as refused:
        stock.stock_facts("NO-SUCH-THING")
    assert refused.value.status == 404
    assert stock.timeline("NO-SUCH-THING") == []


def test_a_delivery_of_many_takes_as_many_statements_as_one(django_assert_num_queries):
    many = {stock_of(0, size=f"s{number}").pk: 5 for number in range(20)}
    inventory.receive_stock(dict.fromkeys(many, 9), reason="first", by="user:1")
    with django_assert_num_queries(4):
        inventory.receive_stock(many, reason="delivery", by="user:1")


def test_the_audit_finds_a_row_changed_by_hand():
    coat = stock_of(5)
    from kidspetite.goods.inventory.models import StockLevel

    StockLevel.objects.filter(variant=coat).update(on_hand=4)
    assert [broken.promise for broken in stock.broken_promises()] == ["movements_make_the_stock"]
    StockLevel.objects.filter(variant=coat).update(on_hand=5, reserved=1)
    assert [broken.promise for broken in stock.broken_promises()] == [
        "holds_make_the_promised",
        "movements_make_the_promised",
    ]
    StockLevel.objects.filter(variant=coat).update(reserved=0)
    Variant.objects.filter(pk=coat.pk).update(band=Band.FEW)
    assert [broken.promise for broken in stock.broken_promises()] == ["bands_tell_the_truth"]
    Variant.objects.filter(pk=coat.pk).update(band=Band.IN_STOCK)


def test_a_reason_longer_than_its_column_is_cut():
    coat = a_variant()
    inventory.receive_stock({coat.pk: 1}, reason="x" * 300, by="user:7")
    assert Movement.objects.get().reason == "x" * 200
