"""The script that starts everything: plain sh, from any folder, with the user's Python settings out of the way."""

import os
import subprocess
from pathlib import Path

import pytest

from kidspetite.config.env import ROOT

SHOP = ROOT / "shop"


def run(tmp_path: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KP_DATA_DIR": str(tmp_path), "KP_ENV_FILE": "none", **more}
    return subprocess.run(
        [SHOP, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )


def test_it_is_plain_sh():
    assert SHOP.read_text().startswith("#!/bin/sh\n")
    assert os.access(SHOP, os.X_OK)
    assert subprocess.run(["sh", "-n", SHOP], check=False).returncode == 0


@pytest.mark.slow
def test_it_works_from_any_folder_and_hands_back_the_exit_code(tmp_path):
    assert run(tmp_path, "env", "check").returncode == 0
    assert run(tmp_path, "env", "check", PORT="x").returncode == 1
    assert run(tmp_path, "env", "nonsense").returncode == 2


def test_what_would_lead_python_astray_is_unset(tmp_path):
    (tmp_path / "kidspetite.py").write_text("raise SystemExit('the wrong one')")
    astray = {"PYTHONPATH": str(tmp_path), "PYTHONHOME": "/nowhere", "VIRTUAL_ENV": "/nowhere"}
    assert run(tmp_path, "env", "check", **astray).returncode == 0


@pytest.mark.parametrize("name", ["shop", ".ci/run"])
def test_scripts_name_no_machine(name):
    assert "/root" not in (ROOT / name).read_text()
