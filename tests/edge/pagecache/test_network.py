"""The network before the shop: told after the commit, in few calls, and again when it did not hear."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from kidspetite.config import providers
from kidspetite.config.env import read_env
from kidspetite.faces.edge.models import CdnNote
from kidspetite.faces.edge.pagecache import network
from kidspetite.faces.edge.pagecache.network import note_for_cdn, send_cdn_notes
from kidspetite.foundation.plumbing.cdn import CdnBusy
from kidspetite.foundation.plumbing.providers.cloudflare import MOST_CALLS, CloudflareCdn
from kidspetite.goods.catalog import operations as catalog
from tests.factories.catalog import a_product
from tests.fakes.cloudflare import TOKEN, ZONE, FakeCloudflare, fake_cloudflare


@pytest.fixture
def cloudflare(monkeypatch) -> Iterator[FakeCloudflare]:
    with fake_cloudflare() as fake:
        adapter = the_adapter(fake)
        monkeypatch.setattr(network, "cdn", lambda: adapter)
        yield fake
    assert fake.judge.problems == []
    assert fake.judge.beyond == []


def the_adapter(fake: FakeCloudflare, **other: str) -> CloudflareCdn:
    return CloudflareCdn(**{"token": TOKEN, "zone_id": ZONE, "api_base": fake.url} | other, timeout=2.0)


def test_tags_go_in_hundreds_each_once(cloudflare):
    tags = [f"product:{number}" for number in range(250)]
    the_adapter(cloudflare).purge([*tags, *tags])
    assert [len(call["tags"]) for call in cloudflare.purged] == [100, 100, 50]
    assert [tag for call in cloudflare.purged for tag in call["tags"]] == tags


def test_too_many_tags_drop_everything_in_one_call(cloudflare):
    the_adapter(cloudflare).purge([f"product:{number}" for number in range(100 * MOST_CALLS + 1)])
    assert cloudflare.purged == [{"purge_everything": True}]


@pytest.mark.parametrize("mood", ["500", "lost", "429"])
def test_what_it_did_not_do_is_said(cloudflare, mood):
    cloudflare.mood = mood
    with pytest.raises(CdnBusy):
        the_adapter(cloudflare).purge(["catalog"])
    assert cloudflare.purged == []


@pytest.mark.parametrize("wrong", [{"token": "other"}, {"zone_id": "none"}])
def test_a_wrong_key_or_zone_is_no_purge(cloudflare, wrong):
    with pytest.raises(CdnBusy):
        the_adapter(cloudflare, **wrong).purge_everything()


def test_when_it_asks_us_to_wait_we_ask_nothing_until_then(cloudflare, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("kidspetite.foundation.plumbing.providers.cloudflare.time.monotonic", lambda: now[0])
    adapter, cloudflare.mood = the_adapter(cloudflare), "429"
    with pytest.raises(CdnBusy):
        adapter.purge(["catalog"])
    cloudflare.mood, now[0] = "", 106.9
    with pytest.raises(CdnBusy):
        adapter.purge(["catalog"])
    assert cloudflare.calls == 1
    now[0] = 107.0
    adapter.purge(["catalog"])
    assert cloudflare.purged == [{"tags": ["catalog"]}]


@pytest.mark.django_db
def test_a_change_is_told_by_a_job_with_what_came_meanwhile(cloudflare, run_waiting_jobs):
    first, second = a_product("Fern"), a_product("Moss")
    run_waiting_jobs()
    cloudflare.purged.clear()
    catalog.publish_change([first.pk])
    catalog.publish_change([second.pk])
    assert cloudflare.purged == [], "nothing is asked before the commit"
    run_waiting_jobs()
    (call,) = cloudflare.purged
    assert {"catalog", f"product:{first.pk}", f"product:{second.pk}", "category:bodysuits"} <= set(call["tags"])
    assert not CdnNote.objects.exists()


@pytest.mark.django_db
def test_a_change_that_touches_all_pages_drops_everything(cloudflare, run_waiting_jobs):
    with transaction.atomic():
        catalog.publish_everything()
    run_waiting_jobs()
    assert cloudflare.purged == [{"purge_everything": True}]


@pytest.mark.django_db
def test_notes_wait_while_it_does_not_hear_and_while_another_job_sends_them(cloudflare):
    with transaction.atomic():
        note_for_cdn(["catalog"])
    cloudflare.mood = "500"
    with pytest.raises(CdnBusy):
        send_cdn_notes()
    cloudflare.mood = ""
    taken = network._taken()
    assert len(taken) == 1
    assert send_cdn_notes() == 0, "another one has them"
    CdnNote.objects.update(taken_until="2020-01-01T00:00Z")  # it died
    assert send_cdn_notes() == 1
    assert cloudflare.purged == [{"tags": ["catalog"]}]


@pytest.mark.django_db
def test_without_keys_nothing_is_noted_and_with_them_cloudflare_is_there(monkeypatch):
    with transaction.atomic():
        note_for_cdn(["catalog"])
    assert not CdnNote.objects.exists()
    assert send_cdn_notes() == 0
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "token")
    monkeypatch.setenv("CLOUDFLARE_ZONE_ID", ZONE)
    monkeypatch.setattr(providers, "load_env", lambda: read_env()[0])
    table = providers.adapters()["cdn"]
    assert list(table) == ["cloudflare"]
    assert isinstance(table["cloudflare"](), CloudflareCdn)
