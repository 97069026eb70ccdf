"""The door of whoever calls by the clock: who may, what happens, and that twice is once."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from procrastinate.contrib.django import app

from kidspetite.faces.edge.schedule import job_names
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications.models import Message
from tests.factories.winback import a_left_cart, an_address

pytestmark = pytest.mark.django_db

SECRET = "a-secret-of-the-clock-alone"
RIGHT = f"Bearer {SECRET}"
DOOR = "/api/cron/abandoned-cart"


@pytest.fixture(autouse=True)
def secret(settings):
    settings.CRON_SECRET = SECRET


def call(method: str, path: str = DOOR, header: str | None = RIGHT):
    headers = {} if header is None else {"Authorization": header}
    return getattr(Client(enforce_csrf_checks=True), method)(path, headers=headers)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        (None, 401, "edge.cron_secret_needed"),
        ("", 401, "edge.cron_secret_needed"),
        ("Bearer", 401, "edge.cron_secret_needed"),
        (f"Basic {SECRET}", 401, "edge.cron_secret_needed"),
        ("Bearer wrong", 403, "edge.cron_secret_wrong"),
        (f"Bearer {SECRET}x", 403, "edge.cron_secret_wrong"),
        (f"Bearer {SECRET[:-1]}", 403, "edge.cron_secret_wrong"),
        ("Bearer ßecret", 403, "edge.cron_secret_wrong"),
    ],
)
def test_without_the_secret_nothing_runs(method, header, status, code):
    assert job_is_due()
    answer = call(method, header=header)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Message.objects.exists()


def test_who_has_no_secret_set_has_no_such_door(settings):
    settings.CRON_SECRET = ""
    assert call("post", header="Bearer ").status_code == 401
    assert call("post", header="Bearer x").status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_with_it_what_is_due_is_done_and_twice_is_once(method):
    assert job_is_due()
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        answers = [call(method) for _ in range(2)]
    assert [answer.json() for answer in answers] == [{"job": "abandoned-cart", "ran": True}] * 2
    assert "no-store" in answers[0]["Cache-Control"]
    assert Message.objects.filter(kind="reminder-first").count() == 1


def test_every_job_of_the_clock_has_its_door_and_bears_being_run_twice():
    ids = [periodic_id for _, periodic_id in app.periodic_registry.periodic_tasks]
    assert len(set(ids)) == len(ids) == len(job_names()), "a door opens one job"
    for name in job_names():
        assert [call("post", f"/api/cron/{name}").status_code for _ in range(2)] == [200, 200], name


def test_another_name_opens_nothing_and_is_not_told_to_strangers():
    assert call("post", "/api/cron/everything").json()["code"] == "edge.no_such_job"
    assert call("post", "/api/cron/everything", header="Bearer x").status_code == 403


def test_vercels_crons_open_doors_that_are_there():
    root = Path(__file__).resolve().parents[2]
    crons = json.loads((root / "vercel.json").read_text())["crons"]
    assert {one["path"].removeprefix("/api/cron/") for one in crons} <= set(job_names())
    assert all(len(one["schedule"].split()) == 5 for one in crons), "Vercel counts minutes"


def job_is_due() -> bool:
    a_left_cart(an_address())
    return True
