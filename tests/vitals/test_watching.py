"""Slow pages: noticed once a spell, told once to each who wants to know, one letter a day at most."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.vitals import jobs, queries
from kidspetite.foundation.vitals import operations as vitals
from kidspetite.foundation.vitals.errors import SpeedNewsUnclear
from kidspetite.foundation.vitals.models import SlowSpell, VitalCount
from kidspetite.foundation.vitals.types import PageKind, Vital
from tests.factories.vitals import visits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel("2026-12-10T17:00:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def kit() -> User:
    return User.objects.create_superuser("kit@shop.example", "measure-twice-cut-once", name="Kit")


def look() -> None:
    jobs.watch_speed(timestamp=0)


def letters(to: str = "kit@shop.example") -> list[str]:
    return list(Message.objects.filter(kind="slow-pages", to=to).order_by("pk").values_list("subject", flat=True))


def in_role(role: str) -> User:
    person = User.objects.create_user(f"{role.lower()}@shop.example", name=role, is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    return person


class TestSpells:
    @pytest.mark.parametrize(
        ("good", "poor", "spells"), [(75, 25, 0), (74, 26, 1), (70, 29, 0), (0, 100, 1), (900, 300, 0), (899, 301, 1)]
    )
    def test_it_takes_a_hundred_visits_and_more_than_one_of_four(self, good, poor, spells):
        visits(good, 2500)
        visits(poor, 2501)
        look()
        assert SlowSpell.objects.count() == spells == len(letters())

    @pytest.mark.parametrize(
        ("vital", "value", "spells"),
        [(Vital.INP, 201, 1), (Vital.INP, 200, 0), (Vital.CLS, 0.101, 1), (Vital.CLS, 0.1, 0), (Vital.TTFB, 9000, 0),
         (Vital.FCP, 9000, 0)],
    )  # fmt: skip
    def test_the_three_core_vitals_are_watched(self, vital, value, spells):
        visits(100, value, vital=vital)
        look()
        assert SlowSpell.objects.count() == spells

    def test_only_the_last_seven_days_count(self):
        visits(500, 9000, days_ago=7)
        visits(100, 900)
        look()
        assert letters() == []

    def test_an_open_spell_is_unique(self):
        SlowSpell.objects.create(page="home", vital="LCP", since=clock.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            SlowSpell.objects.create(page="home", vital="LCP", since=clock.now())


class TestOnce:
    def test_however_often_one_looks_it_is_one_letter(self):
        visits(100, 9000)
        for _ in range(3):
            look()
        assert letters() == ["1 kind of page has become slow"]
        assert SlowSpell.objects.count() == 1

    def test_one_letter_a_day_at_most_and_what_came_after_it_is_told_tomorrow(self, noon):
        visits(100, 9000)
        look()
        visits(100, 9000, page=PageKind.CART)
        visits(100, 900, page=PageKind.CART, vital=Vital.INP)
        look()
        assert len(letters()) == 1
        noon.shift(timedelta(hours=11))  # four in the morning: still ten in the evening in the shop, the same day
        look()
        assert len(letters()) == 1
        noon.shift(timedelta(hours=2))
        look()
        look()
        assert letters() == ["1 kind of page has become slow"] * 2
        told = Message.objects.order_by("-pk").first()
        assert "Basket: Largest picture (LCP)" in told.text
        assert "Basket: Answer to a press (INP)" in told.text
        assert "Product" not in told.text

    def test_what_stays_slow_is_not_told_again_until_it_was_good(self, noon):
        visits(100, 9000)
        look()
        noon.shift(timedelta(days=2))
        look()
        assert len(letters()) == 1
        VitalCount.objects.all().delete()
        visits(100, 900)
        look()
        assert SlowSpell.objects.get().ended_at == clock.now()
        VitalCount.objects.all().delete()
        visits(100, 9000)
        look()
        assert len(letters()) == 2

    def test_too_few_visits_end_no_spell_and_none_at_all_do(self):
        visits(100, 9000)
        look()
        VitalCount.objects.update(visits=99)
        look()
        assert SlowSpell.objects.filter(ended_at=None).exists()
        VitalCount.objects.all().delete()
        look()
        assert not SlowSpell.objects.filter(ended_at=None).exists()


class TestReaders:
    def test_owners_hear_of_it_until_they_choose_otherwise(self, kit):
        in_role("Owner")
        in_role("Marketing")
        visits(100, 9000)
        vitals.choose_speed_news(kit, "off")
        look()
        assert letters() == []
        assert len(letters("owner@shop.example")) == 1
        assert letters("marketing@shop.example") == []

    def test_others_may_ask_for_it_where_their_role_sees_it(self):
        vitals.choose_speed_news(in_role("Catalogue"), "daily")
        vitals.choose_speed_news(in_role("Fulfilment"), "daily")
        visits(100, 9000)
        look()
        assert len(letters("catalogue@shop.example")) == 1
        assert letters("fulfilment@shop.example") == []

    def test_a_letter_that_has_not_left_stays_when_its_reader_no_longer_wants_it(self, kit):
        visits(100, 9000)
        look()
        row = Message.objects.get(kind="slow-pages")
        assert queries.is_reader(row.subject_key)
        vitals.choose_speed_news(kit, "off")
        notifications.deliver(row.pk)
        row.refresh_from_db()
        assert row.status == "withdrawn"

    @pytest.mark.parametrize("how", ["", "each", "DAILY"])
    def test_what_is_no_choice_is_refused(self, kit, how):
        with pytest.raises(SpeedNewsUnclear):
            vitals.choose_speed_news(kit, how)


class TestLetter:
    def test_it_tells_now_before_and_what_is_good(self):
        visits(1204, 3100)
        visits(1187, 2100, days_ago=7)
        look()
        text = Message.objects.get(kind="slow-pages").text
        assert "Product pages: Largest picture (LCP)" in text
        assert "3.38 s, good is up to 2.50 s" in text
        assert "1,204 visits; 2.19 s the week before" in text
        assert "/admin/speed" in text
        assert "Letters to you" in text
