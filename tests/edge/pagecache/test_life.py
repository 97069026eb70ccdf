"""What the clock makes untrue is not shown beyond that moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from kidspetite.faces.edge.pagecache.purging import MOST_BYTES, _notes, tags_of
from kidspetite.faces.storefront import promoting
from kidspetite.foundation.content import operations as content
from kidspetite.foundation.content.events import PageSaved, ShopSettingsChanged
from kidspetite.foundation.content.types import ShopFacts
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.media.events import PictureReady
from kidspetite.foundation.plumbing.shelf_life import holds_until, watched
from kidspetite.goods.catalog.events import CatalogChanged
from kidspetite.goods.pricing.events import PromotionsChanged
from kidspetite.goods.pricing.rules import leaving_day, leaving_day_holds_until
from kidspetite.goods.pricing.types import Packing
from kidspetite.sales.shipping.events import RatesChanged
from tests.factories.checkout import a_selling_shop, a_stocked_variant
from tests.factories.promotions import a_promotion

# Two o'clock in New York, where the shop's day is cut off.
CUT_OFF = datetime(2026, 11, 18, 19, 0, tzinfo=UTC)


def seconds(answer) -> dict[str, int]:
    return {
        name: int(value)
        for name, _is, value in (part.strip().partition("=") for part in answer["Cache-Control"].split(","))
        if value
    }


@pytest.mark.django_db
@pytest.mark.parametrize("left", [40, 250])
def test_a_product_page_ends_with_the_day_that_its_parcel_would_leave(left: int):
    a_selling_shop()
    variant = a_stocked_variant(5)
    with time_machine.travel(CUT_OFF - timedelta(seconds=left), tick=False):
        answer = Client().get(f"/products/{variant.product.slug}")
        assert seconds(answer) == {"max-age": 0, "s-maxage": left}
        assert answer["CDN-Cache-Control"] == f"public, max-age={left}"
    with time_machine.travel(CUT_OFF + timedelta(seconds=1), tick=False):
        answer = Client().get(f"/products/{variant.product.slug}")
        assert seconds(answer)["s-maxage"] == 300


@pytest.mark.django_db
def test_every_page_ends_with_the_promotion_it_speaks_of():
    a_selling_shop()
    a_promotion(sentence="Ten per cent off.", ends_at=clock.now() + timedelta(seconds=90))
    promoting.forget()
    for path in ("/", "/products", "/size-guide"):
        said = seconds(Client().get(path))
        assert 80 <= said["s-maxage"] <= 90
        assert "stale-while-revalidate" not in said


@pytest.mark.django_db
def test_without_such_a_moment_a_page_may_be_shown_while_it_is_made_anew():
    a_selling_shop()
    assert seconds(Client().get("/size-guide")) == {"max-age": 0, "s-maxage": 300, "stale-while-revalidate": 30}


@pytest.mark.django_db
def test_facts_that_hold_later_purge_pages_when_they_begin(run_waiting_jobs, monkeypatch):
    purged: list[tuple[str, ...]] = []
    monkeypatch.setattr("kidspetite.faces.edge.handlers.purge", lambda tags: purged.append(tuple(tags)))
    a_selling_shop()
    begins = clock.now() + timedelta(hours=3)
    content.save_shop_settings(
        ShopFacts(name="Kids Petite", email="hello@kidspetite.example"), by="test", valid_from=begins
    )
    run_waiting_jobs()
    job = ProcrastinateJob.objects.get(args__event="faces.edge.events.PagesOutdated")
    assert (job.scheduled_at, job.args["facts"]) == (begins, {"tags": ["settings"]})
    purged.clear()
    with time_machine.travel(begins, tick=False):
        run_waiting_jobs()
    assert purged == [("settings",)]


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("cutoff", [0, 9, 14, 24])
@pytest.mark.parametrize(
    "day", [datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC)]
)
def test_the_leaving_day_stays_until_the_moment_that_is_named(day: datetime, cutoff: int, hour: int):
    """Over weekends, holidays and both changes of the clock."""
    packing = Packing(cutoff_hour=cutoff, holidays=frozenset({datetime(2026, 11, 23).date()}))
    now = day + timedelta(hours=hour, minutes=7)
    until = leaving_day_holds_until(now, packing)
    assert now < until <= now + timedelta(hours=25)
    moment = now
    while moment < until:
        assert leaving_day(moment, packing) == leaving_day(now, packing)
        moment += timedelta(minutes=10)


def test_the_earliest_moment_counts_and_nobody_is_bothered_outside():
    now = clock.now()
    holds_until(now)
    with watched() as life:
        holds_until(None)
        assert life.until is None
        holds_until(now + timedelta(hours=2))
        holds_until(now + timedelta(hours=1))
        with watched() as inner:
            holds_until(now)
        assert inner.until == now
        assert life.until == now + timedelta(hours=1)


@pytest.mark.parametrize(
    ("event", "tags"),
    [
        (CatalogChanged((7, 8), ("fern",), ("bodysuits", "baby"), ("first-week",)),
         {"catalog", "product:7", "product:8", "category:bodysuits", "category:baby", "collection:first-week"}),
        (CatalogChanged((), categories=("bodysuits",)), {"*"}),
        (PromotionsChanged((1,)), {"promotions"}),
        (ShopSettingsChanged(1, "2026-11-18T19:00:00+00:00"), {"settings"}),
        (RatesChanged(("standard",)), {"settings"}),
        (PageSaved("returns"), {"page:returns"}),
    ],
)  # fmt: skip
def test_what_each_event_makes_old(event: object, tags: set[str]):
    assert set(tags_of(event)) == tags


def test_an_event_that_no_page_shows_is_a_mistake():
    with pytest.raises(LookupError):
        tags_of(PictureReady((1,)))


def test_many_tags_travel_in_several_notes():
    tags = [f"product:{number}" for number in range(3_000)]
    notes = list(_notes(tags))
    assert ",".join(notes).split(",") == tags
    assert max(map(len, notes)) <= MOST_BYTES
    assert list(_notes([])) == []
