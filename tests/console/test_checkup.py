"""`doctor` and `list_urls`: what they find, and how they say it."""

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from kidspetite.faces.console import checkup
from kidspetite.faces.console.addresses import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def findings() -> dict[str, checkup.Finding]:
    return {finding.name: finding for finding in checkup.examine()}


def test_a_sound_shop_has_nothing_failed():
    found = findings()
    assert {"database", "durability", "migrations", "worker", "disk", "mail", "OPENAI_MODEL"} <= set(found)
    assert not [finding for finding in found.values() if finding.status == "failed"]
    assert found["worker"].status == "warning"
    assert "outbox" in found["mail"].detail


@pytest.mark.parametrize(
    ("today", "status"),
    [(date(2026, 11, 14), "ok"), (date(2026, 11, 15), "warning"), (date(2027, 1, 14), "failed")],
)
def test_a_models_end_is_told_sixty_days_before(today, status):
    with time_machine.travel(datetime(today.year, today.month, today.day, 12, tzinfo=UTC), tick=False):
        found = findings()
    assert found["OPENAI_MODEL"].status == found["OPENAI_MODEL_LARGE"].status == status


def test_a_lasting_model_is_fine(settings):
    settings.LANGUAGE_MODELS = {"OPENAI_MODEL": "another-model"}
    assert findings()["OPENAI_MODEL"].status == "ok"


def test_a_full_disk_fails_the_command_in_json_too(monkeypatch):
    monkeypatch.setattr(checkup, "FREE_BYTES_FAILED", 10**18)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json", stdout=out)
    assert ended.value.code == 1
    told = json.loads(out.getvalue())
    assert told["ok"] is False
    assert [check["name"] for check in told["checks"] if check["status"] == "failed"] == ["disk"]


def test_every_address_has_a_path_methods_and_somebody_who_may_use_it():
    found = {address.path: address for address in addresses()}
    assert found["/healthz"].who == "anyone"
    assert found["/admin/login/"].who == "staff"
    assert all(address.methods and address.path.startswith("/") for address in found.values())
    assert not [path for path in found if "<" in path or "(?P" in path or "\\" in path]


def test_addresses_come_as_json():
    out = StringIO()
    call_command("list_urls", "--json", stdout=out)
    assert {"path", "name", "methods", "who"} == set(json.loads(out.getvalue())[0])
