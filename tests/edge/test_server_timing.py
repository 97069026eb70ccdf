"""Every page and call tells where its time went."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kidspetite.foundation.plumbing.spending import spending
from tests.factories.checkout import a_selling_shop, a_stocked_variant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "parts"), [("/products", {"db", "render", "total"}), ("/api/products", {"db", "total"})]
)
def test_an_answer_tells_the_parts_of_its_time(client: Client, path: str, parts: set[str]):
    a_selling_shop()
    a_stocked_variant()
    told = dict(re.findall(r"(\w+);dur=([\d.]+)", client.get(path).headers["Server-Timing"]))
    assert set(told) == parts
    total = float(told.pop("total"))
    assert all(0 < float(part) <= total for part in told.values())


def test_probes_tell_nothing_and_nothing_is_counted_outside_a_request(client: Client):
    assert "Server-Timing" not in client.get("/healthz").headers
    with spending("render"):
        pass
