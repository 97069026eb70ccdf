"""A process that keeps its words while goods change knows what one knows that learns them anew."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kidspetite.goods.catalog import operations, queries
from kidspetite.goods.catalog.models import Product
from kidspetite.goods.catalog.queries import keeper, rewording, wording
from kidspetite.goods.catalog.queries.keeper import Carriers, State, state
from kidspetite.goods.catalog.rules.shelf import Shelf
from tests.factories.catalog import a_product
from tests.harness.crowd import must_go_wrong

pytestmark = [pytest.mark.django_db(transaction=True)]

WORDS = ("fern", "ferns", "dress", "dresses", "knit", "cotton", "lantern", "3t", "moss green", "the", "size 3t")
FORMS = (*WORDS, "bodysuit", "knit cotton", "lantren", "1.5", "wool")


@pytest.fixture(autouse=True)
def without_lag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "LAG_SECONDS", 0)
    keeper.keeper.hear()


def learn(forms: tuple[str, ...] = FORMS) -> State:
    queries.strangers(forms)
    return state()


def on_sale(now: State, found: Carriers) -> list[set[int]]:
    return [set(now.shelf.ids(now.shelf.chosen(wording.EVERYTHING, bits))) for bits in found.sets]


def assert_true(now: State, forms: tuple[str, ...] = FORMS) -> None:
    """What is kept is what the database says of these words now."""
    for form, anew in wording._fetched(now, list(forms)).items():
        kept = now.carriers.get(form) or now.strangers[form]
        assert on_sale(now, kept) == on_sale(now, anew), form
        assert kept.stem == anew.stem


def some_words(chance: random.Random) -> str:
    return " ".join(chance.sample(WORDS, chance.randint(1, 4)))


def reword(product: int, **said: str) -> None:
    Product.objects.filter(pk=product).update(**said)
    operations.refresh_rank([product])


def act_at_random(chance: random.Random) -> None:
    """What merchants do all day, and what nobody should: a product put back by hand under its old key."""
    ids = list(Product.objects.values_list("id", flat=True))
    one = chance.choice(ids)
    match chance.randrange(8):
        case 0 | 1:
            reword(one, name=some_words(chance))
        case 2:
            reword(one, description=some_words(chance), summary=some_words(chance))
        case 3:
            status = chance.choice([Product.Status.DRAFT, Product.Status.ARCHIVED, Product.Status.ACTIVE])
            Product.objects.filter(pk__in=chance.sample(ids, min(3, len(ids)))).update(status=status)
        case 4 if len(ids) > 5:
            Product.objects.get(pk=one).delete()
        case 5 if len(ids) < 15:
            a_product(some_words(chance), description=some_words(chance), sizes=("3m",))
        case 6:
            Product.objects.filter(pk=one).update(sold=chance.randrange(9))
        case _:
            operations.refresh_rank(ids)


def test_whatever_is_done_to_goods_the_words_that_are_kept_stay_true(scale: Callable[[int, int], int]):
    chance = random.Random(11)
    for _ in range(8):
        a_product(some_words(chance), description=some_words(chance), sizes=("3m",))
    before = learn()
    for _ in range(scale(60, 600)):
        act_at_random(chance)
        now = state()
        assert now is before
        assert set(FORMS) <= set(now.carriers) | set(now.strangers)
        assert not set(now.carriers) & set(now.strangers)
        assert_true(now)


def test_a_word_is_not_asked_of_all_goods_again_after_an_edit():
    fern = a_product("Fern dress")
    a_product("Moss dress")
    learn(("dress", "fern", "lantern"))
    reword(fern.pk, name="Lantern dress")
    with CaptureQueriesContext(connection) as asked:
        assert queries.strangers(("dress", "fern", "lantern")) == {"fern": "fern"}
    assert not any("LEFT JOIN catalog_product AS p ON p.words" in query["sql"] for query in asked)
    assert {"dress", "lantern"} <= set(state().carriers)


def test_a_draft_that_nobody_sees_changes_no_word():
    a_product("Fern dress")
    draft = a_product("Moss dress", status=Product.Status.DRAFT)
    before = learn(("dress", "moss")).wording
    reword(draft.pk, name="Mossy dress")
    assert state().wording == before
    Product.objects.filter(pk=draft.pk).update(status=Product.Status.ACTIVE)
    assert_true(state(), ("dress", "moss"))


def test_words_of_one_stem_share_their_sets_still():
    one, other = a_product("Fern dress"), a_product("Moss")
    now = learn(())
    queries.recall({"dress": "dress", "dresses": "dress"})
    assert now.carriers["dress"] is now.carriers["dresses"]
    reword(other.pk, name="Moss dress")
    assert state().carriers["dress"] is state().carriers["dresses"]
    named = state().carriers["dress"].named
    assert set(state().shelf.ids(named)) == {one.pk, other.pk}


def test_after_very_many_edits_words_are_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keeper, "MOST_REWORDED", 1)
    ids = [a_product("Fern dress").pk, a_product("Moss dress").pk]
    learn()
    Product.objects.filter(pk__in=ids).update(name="Lantern")
    operations.refresh_rank(ids)
    assert not state().carriers
    assert_true(learn())


def elsewhere(act: Callable[[], Any]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(act).result(20)
        pool.submit(lambda: connection.close()).result()


@pytest.fixture
def without_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The naive twin: whoever has asked cannot see that goods got other words meanwhile."""
    monkeypatch.setattr(State, "wording", property(lambda now: 0, lambda now, count: None))


@pytest.fixture
def without_leaving_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another: of all words that are known by now it takes what edited goods say, also of those that it did not ask."""

    def of_all_by_now(shelf: Shelf, known: object, product_ids: set[int], said: rewording.Said) -> dict[str, Carriers]:
        now = keeper.keeper._state
        assert now
        return rewording.reworded(shelf, (now.carriers | now.strangers).items(), product_ids, said)

    monkeypatch.setattr(keeper, "reworded", of_all_by_now)


class TestAskedWhileGoodsChange:
    def test_it_is_not_kept(self, monkeypatch):
        assert self.strangers_by_then(monkeypatch) == {"fern"}

    def test_without_counting_it_is_kept_and_wrong(self, monkeypatch, without_counting):
        assert self.strangers_by_then(monkeypatch) == {"lantern"}

    def strangers_by_then(self, monkeypatch: pytest.MonkeyPatch) -> set[str]:
        """A product is edited between the answer of the database and its being kept."""
        fern, asked = a_product("Fern dress"), wording._fetched
        learn(())

        def overtaken(now: State, forms: list[str]) -> dict[str, Carriers]:
            found = asked(now, forms)
            elsewhere(lambda: (reword(fern.pk, name="Lantern dress"), state()))
            return found

        with monkeypatch.context() as patch:
            patch.setattr(wording, "_fetched", overtaken)
            queries.strangers(("fern", "lantern"))
        keeper.keeper.hear()
        return set(queries.strangers(("fern", "lantern")))


class TestLearntWhileEditedGoodsAreAskedAbout:
    def test_it_goes(self, monkeypatch):
        assert self.strangers_by_then(monkeypatch) == {"fern"}

    def test_without_leaving_it_out_it_is_kept_and_wrong(self, monkeypatch, without_leaving_out):
        assert self.strangers_by_then(monkeypatch) == {"fern", "lantern"}

    def strangers_by_then(self, monkeypatch: pytest.MonkeyPatch) -> set[str]:
        fern, asked = a_product("Fern dress"), rewording.said_of
        old = wording._fetched(learn(("dress",)), ["fern", "lantern"])
        reword(fern.pk, name="Lantern dress")

        def meanwhile(*told: Any) -> Any:
            said = asked(*told)
            now = keeper.keeper._state
            assert now
            wording._keep(now, old)  # as another thread does that asked before the edit
            return said

        monkeypatch.setattr(keeper, "said_of", meanwhile)
        keeper.keeper.hear()
        return set(queries.strangers(("fern", "lantern", "dress")))


class TestEditWhileAProcessLearnsItsWords:
    def test_none_is_left_out(self, monkeypatch):
        assert self.readings(monkeypatch) == 2
        assert {"lantern", "moss", "dress"} <= set(state().carriers)
        assert "fern" not in state().carriers
        assert_true(learn(self.WORDS), self.WORDS)

    def test_without_counting_the_old_words_are_learnt(self, monkeypatch, without_counting):
        assert self.readings(monkeypatch) == 1
        assert "fern" in state().carriers
        with pytest.raises(AssertionError):
            assert_true(learn(self.WORDS), self.WORDS)

    WORDS = ("dress", "fern", "moss", "lantern")

    def readings(self, monkeypatch: pytest.MonkeyPatch) -> int:
        """How often the goods were read, of which one is edited during the first time."""
        fern, read, times = a_product("Fern dress"), wording._streamed, []
        a_product("Moss dress")

        def overtaken(statement: str, stems: list[str]) -> Iterator[tuple[Any, ...]]:
            times.append(stems)
            for row in read(statement, stems):
                if len(times) == 1:
                    elsewhere(lambda: (reword(fern.pk, name=f"Lantern {time.monotonic_ns()}"), state()))
                yield row

        with monkeypatch.context() as patch:
            patch.setattr(wording, "_streamed", overtaken)
            queries.recall({word: word for word in self.WORDS})
        return len(times)


@pytest.mark.slow
class TestStorm:
    """Two search while one edits, and others are learnt all the time. Each answer is a moment on its way."""

    @pytest.fixture(autouse=True)
    def slow_answers(self, monkeypatch):
        asked = wording._fetched

        def later(now: State, forms: list[str]) -> dict[str, Carriers]:
            found = asked(now, forms)
            time.sleep(0.01)
            return found

        monkeypatch.setattr(wording, "_fetched", later)

    def test_it_leaves_true_words(self, scale):
        self.storm(random.Random(5), acts=scale(30, 600))
        assert_true(learn())

    def test_without_counting_it_leaves_wrong_ones(self, without_counting):
        def goes_wrong(number: int) -> bool:
            keeper.keeper._state = None
            self.storm(random.Random(number), acts=20)
            try:
                assert_true(learn())
            except AssertionError:
                return True
            return False

        must_go_wrong(goes_wrong)

    def storm(self, chance: random.Random, *, acts: int) -> None:
        done = Event()
        for _ in range(8):
            a_product(some_words(chance), sizes=("3m",))
        learn()
        with ThreadPoolExecutor(2) as pool:
            searching = [pool.submit(self.search, done) for _ in range(2)]
            try:
                for _ in range(acts):
                    act_at_random(chance)
            finally:
                done.set()
            assert all(one.result(20) for one in searching)
        keeper.keeper.hear()

    def search(self, done: Event) -> int:
        own, count = random.Random(7), 0
        try:
            while not (count and done.is_set()):
                form = own.choice(FORMS)
                queries.strangers((form,))
                now, count = state(), count + 1
                with now.lock:  # as if there were no room for them: they are learnt all the time
                    for known in (now.carriers, now.strangers):
                        known.pop(own.choice(FORMS), None)
        finally:
            connection.close()
        return count
