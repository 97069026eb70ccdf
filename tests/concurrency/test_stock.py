"""Crowds at one shelf. A race is run on the real code, and again with its row locks taken out, where it must fail.

Seen: with `without_locks` put on the whole module, every race of the real code here fails.
"""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from django.db import IntegrityError, transaction

from kidspetite.foundation.kernel.errors import Busy
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.errors import OutOfStock
from kidspetite.goods.inventory.models import Hold, Movement, StockLevel
from tests.factories.inventory import hold_for, soon, stock_of
from tests.harness.crowd import must_go_wrong, together

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 16


def takes(variant: Variant, pieces: int = 1) -> Callable[[int], bool]:
    def act(number: int) -> bool:
        try:
            inventory.hold_stock({variant.pk: pieces}, holder=f"cart:{variant.pk}-{number}", until=soon())
            return True
        except OutOfStock:
            return False

    return act


def oversold(variant: Variant) -> bool:
    promised = sum(Hold.objects.filter(level__variant=variant).values_list("quantity", flat=True))
    return promised > StockLevel.objects.get(variant=variant).on_hand


def test_a_crowd_racing_for_five_pieces_shares_exactly_five():
    for _ in range(3):
        coat = stock_of(5)
        assert sum(together(CROWD, takes(coat))) == 5
        assert not oversold(coat)
    assert stock.broken_promises() == []


def test_without_the_lock_the_same_crowd_takes_more_than_there_are(without_locks):
    def takes_too_much(_: int) -> bool:
        coat = stock_of(5)
        went_wrong = sum(together(CROWD, takes(coat))) > 5
        assert not went_wrong or oversold(coat)
        return went_wrong

    must_go_wrong(takes_too_much)


def test_mixed_quantities_leave_fewer_pieces_than_anyone_still_wanted():
    coat = stock_of(20)

    def act(number: int) -> int:
        wanted = 1 + number % 4
        return wanted if takes(coat, wanted)(number) else 0

    taken = sum(together(CROWD, act))
    assert taken == 20 - stock.available_pieces([coat.pk])[coat.pk]
    assert taken >= 17
    assert stock.broken_promises() == []


def test_lapsed_holds_are_freed_once_while_a_crowd_takes_and_a_sweep_runs():
    coat = stock_of(8)
    for number in range(8):
        hold_for(f"gone:{number}", coat, 1)
    Hold.objects.update(expires_at=soon(-1))

    def act(number: int) -> bool:
        if number % 4 == 3:
            inventory.release_expired()
            return False
        return takes(coat)(number)

    assert sum(together(CROWD, act)) == 8
    assert stock.broken_promises() == []


def test_a_sale_told_by_a_crowd_is_booked_once():
    coat = stock_of(5)
    inventory.make_firm({coat.pk: 2}, from_holder="cart:1", holder="order:A", until=soon())
    together(CROWD, lambda _: inventory.sell_held(holder="order:A", cause="order:A", wanted={coat.pk: 2}))
    assert stock.stock_facts(coat.sku).on_hand == 3
    assert list(Movement.objects.filter(kind="sold").values_list("quantity", flat=True)) == [-2]
    assert stock.broken_promises() == []


def test_without_the_lock_only_the_constraint_stops_a_second_sale(without_locks):
    coat = stock_of(50)

    def tell(order: str) -> Callable[[int], bool]:
        def act(_: int) -> bool:
            try:
                inventory.sell_held(holder=order, cause=order, wanted={coat.pk: 1})
                return True
            except IntegrityError:
                return False

        return act

    def is_stopped(round_: int) -> bool:
        order = f"order:{round_}"
        inventory.make_firm({coat.pk: 1}, from_holder="cart:1", holder=order, until=soon())
        went_wrong = not all(together(CROWD, tell(order)))
        assert not went_wrong or Movement.objects.filter(kind="sold", cause=order).count() == 1
        return went_wrong

    must_go_wrong(is_stopped)


def locks_in_the_order_given(variants: list[Variant], holder: str) -> None:
    """A naive twin of hold_stock: it locks as it goes along."""
    with transaction.atomic():
        for variant in variants:
            level = StockLevel.objects.select_for_update().get(variant=variant)
            level.reserved += 1
            level.save()
            Hold.objects.create(level=level, holder=holder, quantity=1, expires_at=soon())
            Movement.objects.create(level=level, kind="held", quantity=0, promised=1, cause=holder)


def holds_all(variants: list[Variant], holder: str) -> None:
    """Into the basket, then on to its order; every other one gives up."""
    wanted, order = {variant.pk: 1 for variant in variants}, holder.replace("cart", "order")
    inventory.hold_stock(wanted, holder=holder, until=soon())
    inventory.make_firm(dict(reversed(wanted.items())), from_holder=holder, holder=order, until=soon())
    if int(holder[-1]) % 2:
        inventory.sell_held(holder=order, cause=order)
    else:
        inventory.release_holds(holder=order)


@pytest.mark.parametrize(("hold", "is_naive"), [(holds_all, False), (locks_in_the_order_given, True)])
def test_baskets_that_want_the_same_things_in_other_orders_never_wait_for_each_other(hold, is_naive, scale):
    def seen_in(round_: int, crowd: int) -> Counter:
        return sum(together(crowd, lambda number: act(number, round_)), Counter())

    shelves = [stock_of(5_000, size=f"s{number}") for number in range(6)]

    def act(number: int, round_: int) -> Counter:
        shuffle, seen = Random(number).shuffle, Counter()
        for attempt in range(12):
            mine = shelves[:]
            shuffle(mine)
            try:
                hold(mine, f"cart:{round_}-{number}-{attempt}")
                seen["held"] += 1
            except Busy:
                seen["busy"] += 1
                return seen
        return seen

    if is_naive:
        must_go_wrong(lambda round_: seen_in(round_, CROWD)["busy"] > 0)
    else:
        crowd = scale(CROWD, 50)
        assert seen_in(0, crowd) == Counter(held=crowd * 12)
        assert stock.broken_promises() == []


def test_everything_at_once_keeps_every_promise():
    shelves = [stock_of(6, size=f"s{number}") for number in range(4)]

    def act(number: int) -> None:
        chance = Random(number)
        for attempt in range(10):
            holder, wanted = f"cart:{number}", {chance.choice(shelves).pk: chance.randint(0, 3)}
            try:
                match chance.randrange(7):
                    case 0 | 1 | 2:
                        inventory.hold_stock(wanted, holder=holder, until=soon(chance.choice([-1, 15])))
                    case 3:
                        pieces = {pk: n for pk, n in wanted.items() if n}
                        order = f"order:{number}-{attempt}"
                        inventory.make_firm(pieces, from_holder=holder, holder=order, until=soon())
                        if pieces:
                            inventory.sell_held(holder=order, cause=order, wanted=pieces)
                    case 4:
                        inventory.release_holds(holder=holder)
                    case 5:
                        inventory.release_expired()
                    case 6:
                        inventory.receive_stock(dict.fromkeys(wanted, 1), reason="delivery", by="user:1")
            except OutOfStock:
                pass

    together(CROWD, act)
    assert stock.broken_promises() == []
