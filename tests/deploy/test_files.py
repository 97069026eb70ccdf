"""What is in `deploy/` fits the shop: names that the environment knows, roots that nobody writes to, time to leave."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from kidspetite.config.env import Env

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
CHART = DEPLOY / "helm/kidspetite"
KNOWN = {name.upper() for name in Env.model_fields}
GIVEN = {"secretName": "shop", "env": {"BASE_URL": "https://shop.example"}, "ingress": {"enabled": True, "host": "a.b"}}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    return yaml.safe_load((CHART / "values.yaml").read_text())


def faults(values: dict[str, Any]) -> list[str]:
    schema = json.loads((CHART / "values.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    return [error.json_path for error in jsonschema.Draft7Validator(schema).iter_errors(values)]


def test_compose_runs_two_of_each_after_the_migration(compose):
    for name in ("web-1", "web-2", "worker-1", "worker-2"):
        assert compose[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert compose["migrate"]["command"][0] == "migrate"
    assert compose["migrate"]["restart"] == "no"


def test_nothing_of_ours_is_root_or_writes_to_its_image(compose):
    ours = [service for service in compose.values() if "build" in service]
    assert len(ours) == 5
    for service in ours:
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["tmpfs"] == ["/tmp"]
    assert re.search(r"^USER \d+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)


def test_every_setting_that_is_handed_over_is_one_of_the_shop(compose, values):
    lines = (DEPLOY / "shop.env.example").read_text().splitlines()
    named = {line.split("=")[0] for line in lines if line and not line.startswith("#")}
    assert named <= KNOWN
    assert set(compose["web-1"]["environment"]) <= KNOWN
    assert set(values["env"]) <= KNOWN


def test_a_web_node_gets_the_time_to_leave_politely(compose):
    drain = int(compose["web-1"]["command"][-1])
    assert int(compose["web-1"]["stop_grace_period"].removesuffix("s")) > drain + 10
    assert "/readyz" in " ".join(compose["web-1"]["healthcheck"]["test"])
    assert "health_uri /readyz" in (DEPLOY / "Caddyfile").read_text()


def test_the_chart_asks_for_what_it_cannot_know(values):
    assert {path.split(".")[1] for path in faults(values)} == {"env", "secretName", "ingress"}
    assert faults(values | GIVEN) == []


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"env": {"BASE_URL": "http://shop.example"}}, "$.env.BASE_URL"),
        ({"env": {"BASE_URL": "https://shop.example", "SECRET_KEY": "in plain sight"}}, "$.env"),
        ({"web": {"replicas": 0, "processes": 2, "drainSeconds": 5}}, "$.web.replicas"),
        ({"replicas": 3}, "$"),
        ({"media": {"size": "big"}}, "$.media.size"),
    ],
)
def test_the_chart_refuses_values_that_do_not_fit(values, wrong, where):
    assert where in faults(values | GIVEN | wrong)


@pytest.mark.skipif(not shutil.which("helm"), reason="helm is not in any registry the tests install from")
def test_the_chart_renders(tmp_path, values):
    pods = pods_of(made := made_from(tmp_path, GIVEN))
    assert "PersistentVolumeClaim" in {one["kind"] for one in made}
    assert len(pods) == 3
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"]
    assert pods[0]["terminationGracePeriodSeconds"] > values["web"]["drainSeconds"] + 10


@pytest.mark.skipif(not shutil.which("helm"), reason="helm is not in any registry the tests install from")
def test_the_chart_needs_no_folder_where_pictures_lie_in_a_bucket(tmp_path):
    made = made_from(tmp_path, GIVEN | {"media": {"volume": False}})
    assert "PersistentVolumeClaim" not in {one["kind"] for one in made}
    for pod in pods_of(made):
        assert "media" not in {volume["name"] for volume in pod.get("volumes", [])}
        assert "MEDIA_ROOT" not in {one["name"] for one in pod["containers"][0]["env"]}


def made_from(tmp_path, values):
    (tmp_path / "given.yaml").write_text(yaml.safe_dump(values))
    command = ["helm", "template", "shop", str(CHART), "--kube-version", "1.34.0", "-f", str(tmp_path / "given.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def pods_of(made):
    return [one["spec"]["template"]["spec"] for one in made if one["kind"] in {"Deployment", "Job"}]
