"""Lists keep up with commits of others, and never show what was taken back."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from kidspetite.foundation.kernel import clock
from kidspetite.goods.catalog import operations, queries
from kidspetite.goods.catalog.models import Band, CollectionItem, Product, ShelfChange
from kidspetite.goods.catalog.queries import keeper
from kidspetite.goods.catalog.types import Filters
from tests.factories.catalog import a_collection, a_product, a_variant


@pytest.fixture(autouse=True)
def another_database() -> None:
    keeper.keeper.hear()


def total(**filters: Any) -> int:
    return queries.listing(Filters(**filters)).total


def elsewhere(act: Any) -> None:
    """In another thread with a connection of its own, and without this process noticing by itself."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()
            keeper.keeper._heard.clear()

    thread = Thread(target=run)
    thread.start()
    thread.join()


@pytest.fixture
def without_lag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "LAG_SECONDS", 0)


@pytest.mark.django_db(transaction=True)
def test_a_list_follows_what_others_commit(without_lag: None):
    piece = a_variant(size="6m")
    a_variant(size="6m")
    assert total(sizes=("6m",)) == 2
    elsewhere(lambda: operations.note_bands({piece.pk: Band.SOLD_OUT}))
    assert total(sizes=("6m",)) == 1
    elsewhere(lambda: Product.objects.filter(pk=piece.product_id).update(status="archived"))
    assert (total(), total(sizes=("6m",))) == (1, 1)
    elsewhere(lambda: Product.objects.filter(pk=piece.product_id).update(status="active"))
    assert total() == 2
    elsewhere(lambda: Product.objects.get(pk=piece.product_id).delete())
    assert total() == 1


@pytest.mark.django_db(transaction=True)
def test_within_the_lag_nobody_asks_and_after_it_everything_is_seen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keeper, "LAG_SECONDS", 60)
    a_product()
    assert total() == 1
    elsewhere(a_product)
    assert total() == 1
    monkeypatch.setattr(keeper, "LAG_SECONDS", 0)
    assert total() == 2


@pytest.mark.django_db(transaction=True)
def test_who_changes_something_sees_it_at_once(monkeypatch: pytest.MonkeyPatch):
    assert total() == 0
    monkeypatch.setattr(keeper, "LAG_SECONDS", 60)
    product = a_product()
    assert total() == 1
    Product.objects.filter(pk=product.pk).update(status="draft")
    assert total() == 0


@pytest.mark.django_db(transaction=True)
def test_a_late_commit_is_not_missed_because_others_were_faster(without_lag: None):
    slow, fast = a_product(), a_product()
    assert total() == 2
    with transaction.atomic():
        Product.objects.filter(pk=slow.pk).update(status="draft")
        elsewhere(lambda: Product.objects.filter(pk=fast.pk).update(status="draft"))
        elsewhere(lambda: totals.append(total()))
    assert totals == [1]
    assert total() == 0


totals: list[int] = []


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_was_never_shown_to_others(without_lag: None):
    a_product()
    assert total() == 1
    seen = []
    try:
        with transaction.atomic():
            a_product()
            seen.append(total())
            elsewhere(lambda: seen.append(total()))
            raise InterruptedError
    except InterruptedError:
        pass
    assert seen == [2, 1]
    assert total() == 1


def found(*words: str) -> int:
    return queries.listing_among(queries.carrying_all([(word,) for word in words]), Filters()).total


@pytest.mark.django_db(transaction=True)
def test_a_product_is_found_by_the_words_it_has_now(without_lag: None):
    product = a_product("Fern bodysuit")
    a_product("Moss bodysuit")
    assert (found("fern"), found("moss"), found("bracken")) == (1, 1, 0)

    def rename() -> None:
        Product.objects.filter(pk=product.pk).update(name="Bracken bodysuit")
        operations.refresh_rank([product.pk])

    elsewhere(rename)
    assert (found("fern"), found("moss"), found("bracken")) == (0, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_words_asked_before_find_what_comes_on_sale_later(without_lag: None):
    draft, archived = a_product("Fern bodysuit", status=Product.Status.DRAFT), a_product("Fern dress")
    assert found("fern") == 1
    elsewhere(lambda: Product.objects.filter(pk=archived.pk).update(status="archived"))
    assert found("fern") == 0
    keeper.state().carriers.clear()  # asked anew while nothing is on sale
    assert found("fern") == 0
    elsewhere(lambda: Product.objects.filter(pk__in=[draft.pk, archived.pk]).update(status="active"))
    assert found("fern") == 2
    elsewhere(lambda: a_product("Fern hat"))
    assert found("fern") == 3


@pytest.mark.django_db(transaction=True)
def test_a_sale_changes_no_words_and_forgets_none(without_lag: None):
    product = a_product("Fern bodysuit")
    assert [found("fern") for _ in range(2)] == [1, 1]  # what made it may be worked in a second time
    known = keeper.state().carriers["fern"]
    elsewhere(lambda: operations.note_sold({product.pk: 3}))
    assert keeper.state().carriers["fern"] is known


@pytest.mark.django_db(transaction=True)
def test_thousands_at_once_leave_one_note_and_are_all_seen(without_lag: None):
    product = a_product("Fern bodysuit")
    assert (total(), found("fern")) == (1, 1)
    ShelfChange.objects.all().delete()

    def at_once() -> None:
        with transaction.atomic():
            operations.note_everything_once()
            Product.objects.filter(pk=product.pk).update(name="Bracken bodysuit")
            operations.rank_many([product.pk])
            operations.publish_everything()

    elsewhere(at_once)
    assert ShelfChange.objects.values_list("product_id", "is_wording").get() == (None, True)
    assert (total(), found("fern"), found("bracken")) == (1, 0, 1)
    elsewhere(lambda: Product.objects.filter(pk=product.pk).update(sold=1))
    assert ShelfChange.objects.filter(product_id=product.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_collection_follows_its_items(without_lag: None):
    first, second = a_product(slug="first"), a_product(slug="second")
    collection = a_collection(products=(first, second))
    assert total(collection=collection.slug) == 2
    elsewhere(lambda: CollectionItem.objects.filter(product=second).update(position=-0))
    elsewhere(lambda: CollectionItem.objects.filter(product=first).delete())
    assert total(collection=collection.slug) == 1


@pytest.mark.django_db(transaction=True)
def test_a_product_appears_when_its_day_has_come(without_lag: None):
    a_product()
    assert total() == 1
    soon = a_product(published_at=clock.now() + timedelta(hours=1))
    assert total() == 1
    with connection.cursor() as cursor:  # the day comes without anybody's doing: no trigger tells of it
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE catalog_product SET published_at = statement_timestamp() WHERE id = %s", [soon.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert total() == 2
    assert operations.announce_due() == 2
    assert operations.announce_due() == 0
    soon.refresh_from_db()
    assert soon.announced_at


@pytest.mark.django_db(transaction=True)
def test_a_change_of_everything_is_read_anew(without_lag: None):
    a_product()
    assert total() == 1
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_product CASCADE")
    assert total() == 0


@pytest.mark.django_db
def test_within_a_transaction_a_savepoint_taken_back_is_forgotten():
    a_product()
    assert total() == 1
    try:
        with transaction.atomic():
            a_product()
            assert total() == 2
            raise InterruptedError
    except InterruptedError:
        pass
    assert total() == 1


@pytest.mark.django_db
def test_old_notes_are_forgotten():
    a_product()
    assert operations.forget_notes() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_shelfchange SET at = now() - interval '2 hours'")
    assert operations.forget_notes() > 0
