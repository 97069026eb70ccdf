"""Every change is a movement: `on_hand` is the sum of what moved, `reserved` the sum of what was promised."""

from datetime import timedelta

import pytest

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.models import AuditEntry
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.errors import BadCount, ChangesRefused, FirmHoldsExceed
from kidspetite.goods.inventory.models import Movement
from kidspetite.goods.inventory.types import Change
from tests.factories.inventory import hold_for, soon, stock_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_promises():
    yield
    assert stock.broken_promises() == []


def story(variant: Variant) -> list[tuple[str, int, int, str]]:
    rows = reversed(stock.timeline(variant.sku, with_holds=True))
    return [(row.kind, row.quantity, row.promised, row.cause) for row in rows]


def test_a_purchase_is_told_from_basket_to_sale():
    coat = stock_of(5)
    hold_for("cart:1", coat, 2)
    inventory.make_firm({coat.pk: 2}, from_holder="cart:1", holder="order:A", until=soon())
    inventory.sell_held(holder="order:A", cause="order:A")
    assert story(coat) == [
        ("received", 5, 0, ""),
        ("held", 0, 2, "cart:1"),
        ("released", 0, -2, "cart:1"),
        ("held", 0, 2, "order:A"),
        ("sold", -2, -2, "order:A"),
    ]
    assert [row.balance for row in stock.timeline(coat.sku)] == [3, 5]


def test_what_only_lasts_longer_is_not_told_again():
    coat = stock_of(5)
    for minutes in (15, 16, 17):
        hold_for("cart:1", coat, 1, minutes=minutes)
    inventory.extend_holds(holder="cart:1", until=soon(60))
    assert story(coat)[1:] == [("held", 0, 1, "cart:1")]


def test_a_change_of_a_hold_tells_the_difference():
    coat = stock_of(5)
    for pieces in (1, 4, 3):
        hold_for("cart:1", coat, pieces)
    assert [promised for _kind, _quantity, promised, _cause in story(coat)[1:]] == [1, 3, -1]


def test_a_hold_that_lapsed_says_so_whoever_freed_it(pass_time):
    coat = stock_of(5)
    hold_for("cart:1", coat, 1)
    pass_time(minutes=20)
    hold_for("cart:2", coat, 1)
    freed = Movement.objects.get(kind="released")
    assert (freed.cause, freed.reason, freed.actor) == ("cart:1", "lapsed", "clock")


def test_a_cancelled_order_lets_go_with_its_reason():
    coat = stock_of(5)
    inventory.make_firm({coat.pk: 2}, from_holder="cart:1", holder="order:A", until=soon())
    inventory.release_holds(holder="order:A", reason="changed my mind", by="user:7")
    freed = Movement.objects.get(kind="released")
    assert (freed.promised, freed.reason, freed.actor) == (-2, "changed my mind", "user:7")


def test_old_holds_are_folded_to_a_row_a_shelf_and_pieces_are_told_for_good(pass_time):
    coat, hat = stock_of(5), stock_of(5)
    for number in range(3):
        hold_for(f"cart:{number}", coat, 1)
        hold_for(f"cart:{number}", hat, 1)
        inventory.release_holds(holder=f"cart:{number}")
    inventory.make_firm({coat.pk: 2}, from_holder="cart:9", holder="order:A", until=soon())
    pass_time(days=1)
    inventory.sell_held(holder="order:A", cause="order:A", wanted={coat.pk: 2})
    hold_for("cart:new", hat, 1)
    for _twice in range(2):
        inventory.fold_holds(before=clock.now() - timedelta(hours=1))
        assert stock.broken_promises() == []
    assert story(coat) == [("received", 5, 0, ""), ("held", 0, 2, ""), ("sold", -2, -2, "order:A")]
    assert story(hat) == [("received", 5, 0, ""), ("held", 0, 1, "cart:new")]


def test_several_shelves_change_with_one_reason_one_cause_and_one_audit_entry():
    coat, hat = stock_of(5), stock_of(5)
    changes = [Change(coat.pk, -2), Change(hat.pk, 9, is_count=True)]
    inventory.change_shelves(changes, reason="counted", by="user:7", cause="sheet:3")
    assert [stock.stock_facts(one.sku).on_hand for one in (coat, hat)] == [3, 9]
    rows = Movement.objects.filter(cause="sheet:3").values_list("kind", "reason", "actor")
    assert list(rows) == [("adjusted", "counted", "user:7")] * 2
    assert AuditEntry.objects.get(verb="inventory.change_shelves").subject == "sheet:3"


def test_one_change_that_cannot_be_stops_all_and_every_one_is_named():
    coat, hat, sock = stock_of(5), stock_of(5), stock_of(5)
    inventory.make_firm({hat.pk: 3}, from_holder="cart:1", holder="order:A", until=soon())
    changes = [Change(coat.pk, -6), Change(hat.pk, -4), Change(sock.pk, 1)]
    with pytest.raises(ChangesRefused) as refused:
        inventory.change_shelves(changes, reason="counted", by="user:7")
    assert {pk: type(error) for pk, error in refused.value.refused.items()} == {
        coat.pk: BadCount, hat.pk: FirmHoldsExceed,
    }  # fmt: skip
    assert [stock.stock_facts(one.sku).on_hand for one in (coat, hat, sock)] == [5, 5, 5]


def test_taking_away_ends_the_newest_holds_of_baskets():
    coat = stock_of(5)
    hold_for("cart:1", coat, 4)
    inventory.change_shelves([Change(coat.pk, -2)], reason="moths", by="user:7", kind=Movement.Kind.DAMAGED)
    assert stock.stock_facts(coat.sku).available == 3
    freed = Movement.objects.get(kind="released")
    assert (freed.reason, freed.actor) == ("too few left", "user:7")
    assert Movement.objects.get(kind="damaged").quantity == -2
