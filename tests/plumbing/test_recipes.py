"""A recipe finds what its queryset would find, and is put together once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import DataError, connection, transaction
from django.db.models import Count
from django.db.transaction import TransactionManagementError

from kidspetite.foundation.plumbing import recipes
from kidspetite.foundation.plumbing.recipes import AnyOf, Given, Recipe, ask_kept
from kidspetite.goods.catalog.models import Product, Variant
from kidspetite.journeys.checkout.models import Draft
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.cart.operations import open_cart
from tests.factories.checkout import a_stocked_variant

pytestmark = pytest.mark.django_db


def test_models_come_whole_json_included():
    cart = open_cart()
    draft = Draft.objects.create(cart=cart, address={"city": "Troy"})
    typed = Recipe(lambda: Draft.objects.filter(cart=Given("cart")))
    (found,) = typed.rows(cart=cart.pk)
    assert found == draft
    assert found.address == {"city": "Troy"}
    assert not found._state.adding
    assert typed.row(cart=cart.pk + 1) is None


def test_it_is_put_together_once_and_asked_anew_each_time():
    made: list[int] = []

    def query():
        made.append(1)
        return Cart.objects.filter(token=Given("token"))

    one, other = open_cart(), open_cart()
    by_token = Recipe(query)
    assert [by_token.row(token=cart.token) for cart in (one, other, one)] == [one, other, one]
    Cart.objects.filter(pk=one.pk).update(status=Cart.Status.MERGED)
    assert by_token.row(token=one.token).status == Cart.Status.MERGED
    assert len(made) == 1


def test_lists_of_values_values_alone_and_annotations():
    first, second = a_stocked_variant(), a_stocked_variant()
    ids = Recipe(lambda: Variant.objects.filter(AnyOf("pk", Given("ids"))).order_by("pk").values_list("pk", "sku"))
    assert ids.rows(ids=[first.pk, second.pk]) == [(first.pk, first.sku), (second.pk, second.sku)]
    assert ids.rows(ids=[]) == []
    counted = Recipe(lambda: Product.objects.filter(pk=Given("product")).annotate(many=Count("variants")))
    assert counted.row(product=first.product_id).many == first.product.variants.count()


def test_what_is_related_comes_along_without_another_statement(django_assert_num_queries):
    variant = a_stocked_variant()
    with_product = Recipe(lambda: Variant.objects.select_related("product").filter(pk=Given("variant")))
    with django_assert_num_queries(1):
        assert with_product.row(variant=variant.pk).product.name == variant.product.name


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused_also_later():
    cart = open_cart()
    locked = Recipe(lambda: Cart.objects.select_for_update().filter(pk=Given("cart")))
    with pytest.raises(TransactionManagementError):
        locked.row(cart=cart.pk)
    from django.db import transaction

    with transaction.atomic():
        assert locked.row(cart=cart.pk) == cart
    with pytest.raises(TransactionManagementError):
        locked.row(cart=cart.pk)


@pytest.mark.django_db(transaction=True)
def test_threads_share_it_each_on_a_connection_of_its_own():
    cart, found = open_cart(), []
    by_key = Recipe(lambda: Cart.objects.filter(pk=Given("cart")))

    def look() -> None:
        found.append(by_key.row(cart=cart.pk))
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [cart] * 4


def test_the_database_keeps_the_plan_of_a_kept_statement():
    cart = open_cart()
    for _ in range(4):
        ask_kept("select token from cart_cart where id = %s and 'kept' = 'kept'", [cart.pk])
    kept = ask_kept("select statement from pg_prepared_statements where statement like %s", ["%'kept' = 'kept'%"])
    assert any("cart_cart" in statement for (statement,) in kept)


def kept_cursors() -> dict:
    return connection.connection.kept_cursors


def test_a_statement_is_asked_again_with_its_own_cursor_and_answers_stay_what_they_were():
    one, other = open_cart(), open_cart()
    sql = "select token from cart_cart where id = %s and 'again' = 'again'"
    first = ask_kept(sql, [one.pk])
    cursor = kept_cursors()[sql]
    assert ask_kept(sql, [other.pk]) == [(other.token,)]
    assert first == [(one.token,)]
    assert kept_cursors()[sql] is cursor


def test_a_refused_statement_can_be_asked_again():
    sql = "select 12 / %s::int"
    with pytest.raises(DataError), transaction.atomic():
        ask_kept(sql, [0])
    assert ask_kept(sql, [4]) == [(3,)]


def test_cursors_hold_little_and_are_few(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recipes, "MOST_CURSORS", 3)
    many = "select * from generate_series(1, %s::int)"
    assert len(ask_kept(many, [recipes.MOST_ROWS])) == recipes.MOST_ROWS
    assert many in kept_cursors()
    assert len(ask_kept(many, [recipes.MOST_ROWS + 1])) == recipes.MOST_ROWS + 1
    assert many not in kept_cursors()
    for number in range(7):
        assert ask_kept(f"select {number} + %s::int", [1]) == [(number + 1,)]
    assert len(kept_cursors()) <= recipes.MOST_CURSORS


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        ("text", ["", "plain", "null", None, 'she said "hi"', "back\\slash", "a,b{c}", " ", "Ünï — ☂", "\n"]),
        ("bigint", [1, -70_000, 2**60, None]),
        ("boolean", [True, False]),
        ("timestamptz", [datetime(2026, 3, 8, 1, 59, 59, 123456, tzinfo=UTC)]),
        ("numeric", [Decimal("8.875"), Decimal("-0.10")]),
        ("float8", [0.1, -1e-7, float("inf")]),
        ("uuid", [UUID(int=7)]),
        ("varchar", [Cart.Status.OPEN]),
        ("int", []),
    ],
)
def test_lists_arrive_as_they_were(kind: str, items: list):
    told = [(item,) for item in items]
    assert ask_kept(f"select * from unnest(%s::{kind}[])", [items]) == told
    assert ask_kept(f"select * from unnest(%(items)s::{kind}[])", {"items": items}) == told


def test_lists_of_what_the_database_would_read_otherwise_are_refused():
    with pytest.raises(TypeError, match="no list"):
        ask_kept("select %s::bytea[]", [[b"bytes"]])
    with pytest.raises(DataError), transaction.atomic():
        ask_kept("select %s::text[]", [["nul \0"]])
