"""`./shop test` and `./shop check`: the same list of named steps, with all tests or only the fast ones."""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kidspetite.faces.console.entry import Refused
from kidspetite.faces.console.preparing import digest_of
from kidspetite.faces.console.surroundings import Surroundings

WORKERS = "2"
NO_TESTS = 5  # pytest's code for "nothing collected"


@dataclass(frozen=True)
class Step:
    name: str
    command: list[str]
    env: dict[str, str] | None = None


@dataclass(frozen=True)
class Outcome:
    step: Step
    code: int
    seconds: float
    said: str


def check(arguments: list[str], here: Surroundings) -> int:
    """Format, lint, types, imports, missing migrations, templates, security, fast tests; 0 when all are clean."""
    if arguments:
        raise Refused("./shop check takes no arguments of its own; with arguments it is Django's check.")
    fast = [*_pytest(), "-q", "-m", "not slow", "-n", WORKERS, "--dist", "worksteal"]
    failed = _run_steps([*_steps(here), Step("fast tests", fast)], here)
    return int(bool(failed))


def test(arguments: list[str], here: Surroundings) -> int:
    """All checks and all tests. `--full` runs the large counts, part by part, and goes on where it was broken off."""
    parser = argparse.ArgumentParser(prog="./shop test", description=test.__doc__)
    parser.add_argument("--full", action="store_true", help="the counts of the issues; resumable by part")
    parser.add_argument("--part", help="one folder or file below tests/")
    parser.add_argument("--coverage", action="store_true", help="measure branches into .shop/coverage")
    wanted, rest = parser.parse_known_args(arguments)
    _see_to_browser(here)
    options = ["-n", WORKERS, "--dist", "worksteal"] + (["--cov", "--cov-report=term:skip-covered"] * wanted.coverage)
    environment = here.environment(**({"KP_FULL": "1"} if wanted.full else {}))
    failed = [] if wanted.part or rest else _run_steps(_steps(here), here)
    if wanted.full and not wanted.part and not rest:
        codes = _run_parts(here, options, environment)
    else:
        place = [_part(here, wanted.part)] if wanted.part else []
        codes = [subprocess.call([*_pytest(), *options, *place, *rest], cwd=here.root, env=environment)]
    if failed:
        print(f"Checks failed: {', '.join(failed)}", file=sys.stderr, flush=True)
    return next((code for code in codes if code), 0) or int(bool(failed))


def _pytest() -> list[str]:
    return [sys.executable, "-m", "pytest"]


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _steps(here: Surroundings) -> list[Step]:
    python = sys.executable
    templates = [str(path.relative_to(here.root)) for path in sorted((here.root / "kidspetite").glob("*/*/jinja2"))]
    migrations = [python, "manage.py", "makemigrations", "--check", "--dry-run", "-v1"]
    steps = [
        Step("types", [python, "-m", "mypy", "--no-error-summary"]),
        Step("format", [python, "-m", "ruff", "format", "--check", "--quiet"]),
        Step("lint", [python, "-m", "ruff", "check", "--quiet"]),
        Step("imports", [python, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"]),
        Step(
            "security", [python, "-m", "bandit", "-q", "-ll", "-r", "-c", "pyproject.toml", "kidspetite", "manage.py"]
        ),
        Step("migrations", migrations, here.environment(KP_ENV_FILE="none")),
    ]
    if templates:
        steps.append(Step("templates", [_djlint(), "--quiet", "--lint", *templates]))
    return steps


def _djlint() -> str:
    return _tool("djlint")


def _run_steps(steps: list[Step], here: Surroundings) -> list[str]:
    """Two at a time, told in their order; gives the names of those that failed."""
    failed = []
    with ThreadPoolExecutor(2) as pool:
        for outcome in pool.map(_runner(here), steps):
            word = "failed" if outcome.code else "ok"
            print(f"{outcome.step.name:<12}{word:<7}{outcome.seconds:6.1f} s", flush=True)
            if outcome.code or outcome.step.name == "fast tests":
                print(outcome.said.rstrip(), flush=True)
            if outcome.code:
                failed.append(outcome.step.name)
    return failed


def _runner(here: Surroundings) -> Callable[[Step], Outcome]:
    def run(step: Step) -> Outcome:
        begun = time.monotonic()
        done = subprocess.run(
            step.command, cwd=here.root, env=step.env or here.environment(), check=False, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return Outcome(step, done.returncode, time.monotonic() - begun, done.stdout)

    return run


def _see_to_browser(here: Surroundings) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "tests.browser"], cwd=here.root, stdout=subprocess.DEVNULL, check=False
    )
    if found.returncode:
        raise Refused("Browser tests need Chromium (see above).")


def _part(here: Surroundings, name: str) -> str:
    for place in (here.root / "tests" / name, here.root / name):
        if place.exists():
            return str(place.relative_to(here.root))
    raise Refused(f"There is no part {name!r}. Parts: {', '.join(_parts(here))}.")


def _parts(here: Surroundings) -> list[str]:
    return sorted(
        {test.relative_to(here.root / "tests").parts[0] for test in (here.root / "tests").glob("**/test_*.py")}
    )


def _run_parts(here: Surroundings, options: list[str], environment: dict[str, str]) -> list[int]:
    """Part by part; a part that passed on exactly this code is not run again."""
    record = here.data_dir / "test" / "full.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    sources = [
        path
        for folder in ("kidspetite", "tests")
        for path in sorted((here.root / folder).glob("**/*"))
        if path.is_file()
    ]
    state = digest_of([path for path in sources if "__pycache__" not in path.parts])
    known = json.loads(record.read_text()) if record.exists() else {}
    passed: list[str] = known.get("passed", []) if known.get("state") == state else []
    codes = []
    for part in _parts(here):
        if part in passed:
            print(f"{part}: passed before on this code", flush=True)
            continue
        print(f"{part}:", flush=True)
        code = subprocess.call([*_pytest(), *options, f"tests/{part}"], cwd=here.root, env=environment)
        codes.append(0 if code == NO_TESTS else code)
        if codes[-1] == 0:
            passed.append(part)
            record.write_text(json.dumps({"state": state, "passed": passed}))
    return codes
