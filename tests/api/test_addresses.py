"""Checking and suggesting addresses, as clients see it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db

AMES = {"line1": "12 Elm St", "line2": "", "city": "Ames", "state": "IA", "postal_code": "50010"}


def test_a_sound_address_is_verified(machine):
    answer = machine.call("post", "address/validate", AMES | {"city": "  ames ", "state": "iowa"})
    assert answer.status_code == 200
    assert answer.json() == {
        "outcome": "verified", "address": AMES | {"city": "ames"}, "suggestion": None, "notes": [],
        "checked_by": "local",
    }  # fmt: skip


def test_a_typing_error_gets_a_suggestion(machine):
    told = machine.call("post", "address/validate", AMES | {"city": "Amse"}).json()
    assert (told["outcome"], told["suggestion"], told["notes"]) == ("suggested", AMES, ["city_mismatch"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"line1": ""}, "line1"), ({"city": " "}, "city"), ({"state": "Atlantis"}, "state"),
        ({"postal_code": "1234"}, "postal_code"), ({"line1": "x" * 121}, "line1"), ({"city": "A\0mes"}, "city"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(machine, change, field):
    answer = machine.call("post", "address/validate", AMES | change)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


def test_a_field_nobody_knows_and_a_body_that_is_none(machine):
    assert machine.call("post", "address/validate", AMES | {"planet": "Mars"}).status_code == 422
    assert machine.call("post", "address/validate", {}).status_code == 422


def test_a_zip_gives_city_and_state(machine):
    (item,) = machine.call("get", "address/suggest?q=50010").json()["items"]
    assert (item["text"], item["address"]["city"], item["address"]["state"]) == ("Ames, IA 50010", "Ames", "IA")


@pytest.mark.parametrize("query", ["", "?q=", "?q=1", "?q=12+harbour", "?place=nowhere"])
def test_nobody_to_ask_is_an_empty_list(machine, query):
    answer = machine.call("get", f"address/suggest{query}")
    assert (answer.status_code, answer.json()) == (200, {"items": []})


@pytest.mark.parametrize("query", ["?q=" + "x" * 161, "?place=../../admin", "?session=a%20b", "?session=" + "x" * 37])
def test_what_no_page_of_ours_sends_is_refused(machine, query):
    assert machine.call("get", f"address/suggest{query}").status_code == 422
