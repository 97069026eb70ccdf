"""A fuzzer reads the description and tries every operation: no 5xx, and answers as they are described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kidspetite.config.env import load_env
from kidspetite.faces.api.api import api
from kidspetite.faces.edge.charset import in_utf8
from tests.factories.checkout import a_basket, a_stocked_variant

pytestmark = [pytest.mark.usefixtures("shop"), pytest.mark.slow]

EXAMPLES = 200 if load_env().kp_full else 12
PROMISES = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
schema.app = in_utf8(get_wsgi_application())


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The shop answers in this thread and inside the test's transaction, so it must not hand its connection back."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def basket_token(shop: None) -> str:
    return a_basket(a_stocked_variant(1000)).token


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_no_call_breaks_the_shop(case: Any, basket_token: str):
    """With a basket's token, and with whatever the fuzzer puts in its place."""
    headers = {} if case.headers and "Authorization" in case.headers else {"Authorization": f"Bearer {basket_token}"}
    case.call_and_validate(headers=headers, checks=PROMISES)
