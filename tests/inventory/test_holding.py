from datetime import timedelta

import pytest

from kidspetite.foundation.kernel import clock
from kidspetite.goods.catalog.models import Band, Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.errors import OutOfStock
from kidspetite.goods.inventory.models import Hold, StockLevel
from tests.factories.inventory import hold_for, soon, stock_of

pytestmark = pytest.mark.django_db


def reserved(variant: Variant) -> int:
    return sum(StockLevel.objects.filter(variant=variant).values_list("reserved", flat=True))


def band_of(variant: Variant) -> str:
    return Variant.objects.get(pk=variant.pk).band


@pytest.fixture(autouse=True)
def kept_promises():
    yield
    assert stock.broken_promises() == []


def test_a_hold_is_taken_from_what_others_may_have():
    coat = stock_of(5)
    assert inventory.hold_stock({coat.pk: 2}, holder="cart:1", until=soon()) == {coat.pk: 2}
    assert stock.available_pieces([coat.pk]) == {coat.pk: 3}
    assert stock.holds_of("cart:1")[coat.pk].quantity == 2


def test_asking_again_makes_the_hold_exactly_that_many():
    coat = stock_of(5)
    for pieces in (2, 5, 1, 1):
        inventory.hold_stock({coat.pk: pieces}, holder="cart:1", until=soon())
        assert reserved(coat) == pieces
    inventory.hold_stock({coat.pk: 0}, holder="cart:1", until=soon())
    assert reserved(coat) == 0
    assert not Hold.objects.exists()


def test_a_hold_of_several_is_all_or_nothing_and_every_shortage_is_named():
    coat, hat, sock = stock_of(5), stock_of(1), stock_of(0)
    hold_for("cart:2", hat, 1)
    with pytest.raises(OutOfStock) as refused:
        inventory.hold_stock({coat.pk: 2, hat.pk: 1, sock.pk: 3}, holder="cart:1", until=soon())
    assert reserved(coat) == 0
    assert refused.value.facts["sku"] == hat.sku
    assert refused.value.facts["short"] == [
        {"sku": hat.sku, "available": 0, "held": 1},
        {"sku": sock.sku, "available": 0, "held": 0},
    ]


@pytest.mark.parametrize(
    ("on_hand", "theirs", "mine", "wanted", "available", "held", "words"),
    [
        (0, 0, 0, 1, 0, 0, "This size is sold out."),
        (3, 3, 0, 1, 0, 3, "The last ones are in someone's basket just now."),
        (3, 2, 0, 2, 1, 2, "Only one is left."),
        (5, 2, 1, 4, 3, 2, "Only 3 are left."),
    ],
)
def test_a_refusal_tells_how_many_there_could_be(on_hand, theirs, mine, wanted, available, held, words):
    coat = stock_of(on_hand)
    for holder, pieces in (("cart:2", theirs), ("cart:1", mine)):
        if pieces:
            hold_for(holder, coat, pieces)
    with pytest.raises(OutOfStock) as refused:
        inventory.hold_stock({coat.pk: wanted}, holder="cart:1", until=soon())
    assert refused.value.facts["available"] == available
    assert refused.value.facts["held"] == held
    assert str(refused.value) == words
    assert reserved(coat) == theirs + mine


def test_a_lapsed_hold_is_free_for_readers_and_for_takers_at_once():
    coat = stock_of(3)
    hold_for("cart:1", coat, 3, minutes=-1)
    assert reserved(coat) == 3
    assert stock.available_pieces([coat.pk]) == {coat.pk: 3}
    assert stock.holds_of("cart:1") == {}
    inventory.hold_stock({coat.pk: 2}, holder="cart:2", until=soon())
    assert reserved(coat) == 2


def test_a_hold_that_has_lapsed_but_is_not_freed_is_still_its_holders():
    coat = stock_of(3)
    hold_for("cart:1", coat, 3, minutes=-1)
    inventory.hold_stock({coat.pk: 3}, holder="cart:1", until=soon())
    assert stock.holds_of("cart:1")[coat.pk].quantity == 3


def test_past_the_cap_pieces_must_be_there_but_are_not_held():
    coat, hat = stock_of(50), stock_of(50)
    assert inventory.hold_stock({coat.pk: 8}, holder="cart:1", until=soon(), at_most=10) == {coat.pk: 8}
    assert inventory.hold_stock({hat.pk: 8}, holder="cart:1", until=soon(), at_most=10) == {hat.pk: 2}
    assert inventory.hold_stock({hat.pk: 9}, holder="cart:1", until=soon(), at_most=10) == {hat.pk: 2}
    with pytest.raises(OutOfStock):
        inventory.hold_stock({hat.pk: 51}, holder="cart:1", until=soon(), at_most=10)


def test_a_lapsed_hold_elsewhere_does_not_count_towards_the_cap():
    coat, hat = stock_of(50), stock_of(50)
    hold_for("cart:1", coat, 10, minutes=-1)
    assert inventory.hold_stock({hat.pk: 8}, holder="cart:1", until=soon(), at_most=10) == {hat.pk: 8}


def test_holds_live_longer_while_the_basket_is_used():
    coat, hat = stock_of(5), stock_of(5)
    hold_for("cart:1", coat, 1, minutes=5)
    hold_for("cart:1", hat, 1, minutes=-5)
    inventory.extend_holds(holder="cart:1", until=soon(15))
    assert stock.holds_of("cart:1")[coat.pk].expires_at > clock.now() + timedelta(minutes=14)
    assert hat.pk not in stock.holds_of("cart:1")


def test_keeping_holds_refuses_nothing_and_takes_whole_lines_only():
    coat, hat, sock = stock_of(2), stock_of(5), stock_of(5)
    hold_for("cart:2", coat, 1)
    hold_for("cart:1", sock, 1)
    held = inventory.keep_holds({coat.pk: 2, hat.pk: 2, sock.pk: 9}, holder="cart:1", until=soon())
    assert held == {coat.pk: 0, hat.pk: 2, sock.pk: 1}
    assert reserved(coat) == 1


def test_firm_holds_move_from_the_basket_and_take_what_is_missing():
    coat, hat = stock_of(3), stock_of(3)
    hold_for("cart:1", coat, 3)
    inventory.make_firm({coat.pk: 2, hat.pk: 1}, from_holder="cart:1", holder="order:A", until=soon(60))
    assert {pk: (h.quantity, h.is_firm) for pk, h in stock.holds_of("order:A").items()} == {
        coat.pk: (2, True),
        hat.pk: (1, True),
    }
    assert Hold.objects.get(holder="cart:1").quantity == 1
    assert reserved(coat) == 3


def test_making_firm_twice_changes_nothing_but_the_end():
    coat = stock_of(3)
    hold_for("cart:1", coat, 2)
    for minutes in (30, 60):
        inventory.make_firm({coat.pk: 2}, from_holder="cart:1", holder="order:A", until=soon(minutes))
        assert reserved(coat) == 2
    assert stock.holds_of("order:A")[coat.pk].expires_at > clock.now() + timedelta(minutes=59)


def test_making_firm_is_all_or_nothing():
    coat, hat = stock_of(3), stock_of(1)
    hold_for("cart:1", coat, 2)
    hold_for("cart:2", hat, 1)
    with pytest.raises(OutOfStock):
        inventory.make_firm({coat.pk: 2, hat.pk: 1}, from_holder="cart:1", holder="order:A", until=soon())
    assert stock.holds_of("order:A") == {}
    assert stock.holds_of("cart:1")[coat.pk].quantity == 2


def test_a_basket_does_not_ask_again_for_what_its_order_holds():
    last = stock_of(1)
    hold_for("cart:1", last, 1)
    inventory.make_firm({last.pk: 1}, from_holder="cart:1", holder="order:A", until=soon())
    assert stock.holds_of("cart:1")[last.pk].quantity == 1
    assert inventory.hold_stock({last.pk: 1}, holder="cart:1", until=soon()) == {last.pk: 0}
    with pytest.raises(OutOfStock) as refused:
        inventory.hold_stock({last.pk: 2}, holder="cart:1", until=soon())
    assert refused.value.facts["available"] == 1


def test_a_declined_order_gives_its_pieces_back_to_the_basket():
    last = stock_of(1)
    hold_for("cart:1", last, 1)
    inventory.make_firm({last.pk: 1}, from_holder="cart:1", holder="order:A", until=soon())
    inventory.keep_holds({last.pk: 1}, holder="cart:1", until=soon(), instead_of="order:A")
    assert stock.holds_of("order:A") == {}
    assert stock.holds_of("cart:1")[last.pk].is_firm is False


def test_releasing_is_harmless_twice():
    coat, hat = stock_of(3), stock_of(3)
    inventory.hold_stock({coat.pk: 2, hat.pk: 1}, holder="cart:1", until=soon())
    hold_for("cart:2", coat, 1)
    inventory.release_holds(holder="cart:1")
    inventory.release_holds(holder="cart:1")
    assert (reserved(coat), reserved(hat)) == (1, 0)


def test_the_sweep_ends_lapsed_holds_of_every_kind_and_gives_their_number():
    coat, hat = stock_of(4), stock_of(4)
    hold_for("cart:2", coat, 2)
    inventory.hold_stock({coat.pk: 1, hat.pk: 4}, holder="cart:1", until=soon(-1))
    assert band_of(hat) == Band.HELD
    assert inventory.release_expired() == 2
    assert inventory.release_expired() == 0
    assert (reserved(coat), reserved(hat)) == (2, 0)
    assert band_of(hat) == Band.IN_STOCK


def test_the_sweep_goes_on_until_all_is_done_however_much_has_piled_up():
    from kidspetite.goods.inventory import jobs

    coat = stock_of(30)
    for number in range(30):
        hold_for(f"cart:{number}", coat, 1, minutes=60)
    Hold.objects.update(expires_at=soon(-1))
    jobs.release_expired(timestamp=0)
    assert reserved(coat) == 0


@pytest.mark.parametrize(
    ("pieces", "band"), [(0, Band.IN_STOCK), (6, Band.IN_STOCK), (7, Band.FEW), (9, Band.FEW), (10, Band.HELD)]
)
def test_bands_follow_what_is_free(pieces, band):
    coat = stock_of(10)
    inventory.hold_stock({coat.pk: pieces}, holder="cart:1", until=soon())
    assert band_of(coat) == band


def test_a_hold_within_a_band_tells_the_catalogue_nothing(monkeypatch):
    from kidspetite.goods.catalog import operations as catalog

    told, note_bands = [], catalog.note_bands
    coat = stock_of(10)
    monkeypatch.setattr(catalog, "note_bands", lambda bands: (told.append(bands), note_bands(bands)))
    hold_for("cart:1", coat, 5)
    assert told == []
    hold_for("cart:1", coat, 7)
    assert told == [{coat.pk: Band.FEW}]


def test_holding_takes_three_statements(django_assert_num_queries):
    coat = stock_of(50)
    with django_assert_num_queries(3):
        hold_for("cart:1", coat, 2)
    with django_assert_num_queries(3):
        hold_for("cart:1", coat, 3)
