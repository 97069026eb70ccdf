import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from tests.factories.inventory import hold_for, soon, stock_of

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_stock_shows_a_shelf():
    coat = stock_of(5)
    hold_for("cart:1", coat, 2)
    assert json.loads(said("stock", coat.sku, "--json")) == {
        "sku": coat.sku, "on_hand": 5, "reserved": 2, "available": 3,
    }  # fmt: skip
    assert "3 available" in said("stock", coat.sku)


def test_stock_sets_a_shelf_and_keeps_the_reason():
    coat = stock_of(5)
    assert json.loads(said("stock", coat.sku, "--set", "2", "--reason", "moths", "--json"))["on_hand"] == 2
    assert stock.timeline(coat.sku)[0].reason == "moths"


def test_stock_refuses_below_firm_holds_with_code_and_facts():
    coat, out = stock_of(5), StringIO()
    inventory.make_firm({coat.pk: 3}, from_holder="", holder="order:A", until=soon())
    with pytest.raises(SystemExit) as ended:
        call_command("stock", coat.sku, "--set", "2", "--json", stdout=out)
    assert ended.value.code == 1
    answer = json.loads(out.getvalue())
    assert answer["code"] == "inventory.firm_holds_exceed"
    assert answer["facts"] == {"sku": coat.sku, "on_hand": 2, "firm": 3}
    assert stock.stock_facts(coat.sku).on_hand == 5


def test_stock_of_an_unknown_sku_is_said_in_plain_words():
    errors = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("stock", "NO-SUCH", stderr=errors)
    assert ended.value.code == 1
    assert "catalog.unknown_sku" in errors.getvalue()


@pytest.mark.parametrize("count", ["-1", "1000001"])
def test_stock_refuses_impossible_counts(count):
    with pytest.raises(SystemExit):
        said("stock", stock_of(1).sku, f"--set={count}", "--json")


@pytest.mark.parametrize("count", ["two", "1.5", ""])
def test_stock_takes_whole_numbers_only(count):
    with pytest.raises(CommandError):
        said("stock", stock_of(1).sku, f"--set={count}")


def test_release_expired_tells_how_many():
    coat = stock_of(5)
    hold_for("cart:1", coat, 2, minutes=-1)
    assert json.loads(said("release_expired", "--json")) == {"released": 1}
    assert said("release_expired") == "Released 0 holds.\n"
