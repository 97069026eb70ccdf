"""The commands in docs/api.md do what they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kidspetite.sales.orders.models import Order
from tests.factories.checkout import a_selling_shop, a_stocked_variant
from tests.harness.server import until_worker_rests

pytestmark = pytest.mark.slow

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


@pytest.mark.skipif(not shutil.which("curl"), reason="the page's commands use curl")
def test_a_purchase_in_five_calls(live_database: None, shop_server: Any):
    a_selling_shop()
    a_stocked_variant(5)
    until_worker_rests()  # else a list may still show what another test has bought
    (script,) = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    script = script.replace("http://127.0.0.1:8000", shop_server.url)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "no_proxy": "*"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    bought = json.loads(done.stdout[done.stdout.index('{"order_number"') :])
    assert bought["status"] == "paid"
    assert Order.objects.get(number=bought["order_number"]).email == "maya@home.example"
