"""What a monitor may read, and who may."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_caller_on_this_machine_reads_the_state_of_the_jobs():
    text = Client().get("/metrics").content.decode()
    assert "kidspetite_failed_jobs 0.0" in text
    assert "kidspetite_worker_silent_seconds +Inf" in text
    assert "process_cpu_seconds_total" in text


@pytest.mark.parametrize(("secret", "status"), [("right-secret-of-the-shop", 200), ("wrong", 404), ("", 404)])
def test_in_production_only_the_cron_secret_opens_it(settings, secret: str, status: int):
    settings.IS_PRODUCTION, settings.CRON_SECRET = True, "right-secret-of-the-shop"
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    assert Client().get("/metrics", headers=headers).status_code == status


def test_a_stranger_finds_no_such_page():
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 404
