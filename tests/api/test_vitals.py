"""What a browser may tell of a page, what becomes of it, and that nobody is in it."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from prometheus_client import REGISTRY

from kidspetite.faces.api.api import api
from kidspetite.foundation.vitals import operations as vitals
from kidspetite.foundation.vitals.models import VitalCount
from kidspetite.foundation.vitals.operations import counting
from tests.factories.vitals import visits

pytestmark = pytest.mark.django_db

GOOD = {"page": "product", "device": "phone", "metrics": [{"name": "LCP", "value": 812.5}, {"name": "CLS", "value": 0}]}


@pytest.fixture(autouse=True)
def tally(monkeypatch) -> counting.Tally:
    fresh = counting.Tally()
    monkeypatch.setattr(counting, "_tally", fresh)
    return fresh


def tell(body: object, kind: str = "text/plain;charset=UTF-8", **headers: str):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    client = Client(enforce_csrf_checks=True)
    return client.post("/api/vitals", text, content_type=kind, headers=headers or None)


def told() -> dict[tuple[str, str, str, int], int]:
    vitals.write_down()
    return {tuple(key): n for *key, n in VitalCount.objects.values_list("page", "device", "vital", "upto", "visits")}


@pytest.mark.parametrize("kind", ["text/plain;charset=UTF-8", "text/plain", "application/json"])
def test_a_visit_is_counted_however_a_browser_calls_its_words(kind):
    answer = tell(GOOD, kind)
    assert (answer.status_code, answer.content) == (204, b"")
    assert told() == {("product", "phone", "LCP", 1000): 1, ("product", "phone", "CLS", 0): 1}


def test_it_needs_no_token_even_from_somebody_signed_in(django_user_model):
    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_user("maya@home.example", name="Maya"))
    assert client.post("/api/vitals", json.dumps(GOOD), content_type="text/plain").status_code == 204


WRONG = [
    ({}, "page"),
    ([], "body"),
    ("{", None),
    ("", "body"),
    (b"\xff", None),
    ({**GOOD, "page": "/products/harbour-dungarees"}, "page"),
    ({**GOOD, "page": ""}, "page"),
    ({**GOOD, "page": None}, "page"),
    ({**GOOD, "device": "watch"}, "device"),
    ({**GOOD, "url": "https://shop.example/orders/secret"}, "url"),
    ({**GOOD, "metrics": []}, "metrics"),
    ({**GOOD, "metrics": {}}, "metrics"),
    ({**GOOD, "metrics": GOOD["metrics"] * 3}, "metrics"),
    ({**GOOD, "metrics": [{"name": "LCP", "value": 1}] * 2}, "metrics"),
    ({**GOOD, "metrics": [{"name": "FID", "value": 1}]}, "metrics.0.name"),
    ({**GOOD, "metrics": [{"name": "LCP"}]}, "metrics.0.value"),
    ({**GOOD, "metrics": [{"name": "LCP", "value": -1}]}, "metrics.0.value"),
    ({**GOOD, "metrics": [{"name": "LCP", "value": 3_600_001}]}, "metrics.0.value"),
    ({**GOOD, "metrics": [{"name": "LCP", "value": "812"}]}, "metrics.0.value"),
    ({**GOOD, "metrics": [{"name": "LCP", "value": True}]}, "metrics.0.value"),
    ({**GOOD, "metrics": [{"name": "LCP", "value": None}]}, "metrics.0.value"),
    ({**GOOD, "metrics": [{"name": "LCP", "value": 1, "id": "v5-17"}]}, "metrics.0.id"),
    (json.dumps(GOOD).replace("812.5", "NaN"), None),
    (json.dumps(GOOD).replace("812.5", "Infinity"), None),
    (json.dumps(GOOD).replace("812.5", "1e999"), "metrics.0.value"),
]


@pytest.mark.parametrize(("body", "field"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_named_and_counts_nothing(body, field):
    answer = tell(body)
    assert answer["Content-Type"] == "application/problem+json"
    fault = answer.json()
    assert answer.status_code == fault["status"] == (422 if field else 400)
    if field:
        assert field in {one["field"] for one in fault["errors"]}
    assert told() == {}


def test_more_than_two_kilobytes_is_too_much():
    answer = tell({**GOOD, "page": "x" * 2000})
    assert (answer.status_code, answer.json()["code"]) == (413, "edge.too_large")
    assert "2 KB" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_is_no_measurement(kind):
    assert tell("page=product&device=phone", kind).status_code == 400


@pytest.mark.parametrize(("name", "value", "counts"), [
    ("Sec-GPC", "1", False), ("DNT", "1", False), ("Sec-GPC", "0", True), ("DNT", "0", True), ("DNT", "null", True),
])  # fmt: skip
def test_whoever_asks_not_to_be_followed_is_not_counted(name, value, counts):
    assert tell(GOOD, **{name: value}).status_code == 204
    assert bool(told()) is counts


def test_one_client_cannot_fill_the_figures(settings):
    settings.RATE_LIMITS_ON = True
    settings.RATES = {**settings.RATES, "browse": type(settings.RATES["browse"])(3, 60)}
    answers = [tell(GOOD) for _ in range(5)]
    assert [one.status_code for one in answers] == [204, 204, 204, 429, 429]
    assert answers[-1].json()["code"] == "edge.too_many_requests"
    assert int(answers[-1]["Retry-After"]) > 0
    assert set(told().values()) == {3}


def test_nothing_of_the_visitor_is_kept_or_logged(caplog, capfd):
    secret = {"Referer": "http://testserver/orders/secret-token", "User-Agent": "Secret-Agent/7", "Cookie": "a=secret"}
    assert tell(GOOD, **secret).status_code == 204
    vitals.write_down()
    kept = json.dumps([list(map(str, row)) for row in VitalCount.objects.values_list()])
    said = kept + caplog.text + "".join(capfd.readouterr())
    assert "product" in kept
    assert "ecret" not in said


def test_it_is_described_as_it_is():
    operation = api.get_openapi_schema()["paths"]["/api/vitals"]["post"]
    body = operation["requestBody"]
    assert body["required"]
    assert set(body["content"]) == {"application/json", "text/plain"}
    assert {204, 400, 413, 422, 429} <= set(operation["responses"])


def test_a_monitor_reads_the_figures_of_the_shop_and_the_counters_of_the_process():
    visits(80, 1100)
    visits(20, 5000)
    visits(7, 0.2, vital="CLS", page="cart")
    visits(99, 9000, days_ago=7)
    before = REGISTRY.get_sample_value("kidspetite_web_vital_ms_count", {"metric": "LCP", "page": "product"}) or 0
    tell(GOOD)
    text = Client().get("/metrics").text
    where = 'device="phone",metric="LCP",page="product"'
    assert f"kidspetite_web_vital_visits{{{where}}} 100.0" in text
    assert f"kidspetite_web_vital_good_share{{{where}}} 0.8" in text
    assert f"kidspetite_web_vital_p75{{{where}}} 1188.0" in text
    assert 'kidspetite_web_vital_p75{device="phone",metric="CLS",page="cart"} 0.' in text
    assert f'kidspetite_web_vital_ms_count{{metric="LCP",page="product"}} {before + 1}' in text
