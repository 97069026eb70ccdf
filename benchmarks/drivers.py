"""Load from a process of its own: wrk where this machine has it, else the same in Python threads.

Both send a list of requests round and round over so many connections for so many seconds, and count what comes back.
Python's driver takes more of the machine than wrk does, so figures of the one are not to be held against the other's.
"""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.load import Shopper, Tally, crowd, percentile

ROOT = Path(__file__).resolve().parents[1]
MOST_REQUESTS = 4_000  # what one Lua table takes without complaint
GRACE_SECONDS = 90


class NoAnswer(Exception):
    """The driver came back without figures; the message says why."""


@dataclass(frozen=True)
class Request:
    """One question, as it goes over the wire."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True)
class Load:
    """What a driver counted: answers, those with a status from 400 up or none at all, and milliseconds."""

    count: int
    failed: int
    per_second: float
    p50: float
    p95: float
    p99: float


def driver_name(wanted: str = "auto") -> str:
    """wrk or python. Raises NoAnswer where wrk is asked for and not there."""
    there = shutil.which("wrk")
    if wanted == "wrk" and not there:
        raise NoAnswer("wrk is not on this machine; install it (Debian: apt-get install wrk) or use --driver python.")
    return "python" if wanted == "python" or not there else "wrk"


def load(driver: str, url: str, requests: Sequence[Request], *, connections: int, seconds: int) -> Load:
    """Whole seconds, as wrk counts them. Raises NoAnswer."""
    asked = list(requests[:MOST_REQUESTS])
    run = _wrk if driver == "wrk" else _python
    return run(url, asked, connections, seconds)


def load_of_story(url: str, name: str, facts: Any, *, connections: int, seconds: int) -> Load:
    """Whole visits that need what the answer before said, such as a checkout: always told by Python."""
    return _of_process({"url": url, "story": name, "facts": facts, "connections": connections, "seconds": seconds})


def _wrk(url: str, requests: list[Request], connections: int, seconds: int) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "requests.lua"
        script.write_text(lua(url, requests))
        threads = min(connections, 2)
        done = subprocess.run(
            ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), url],
            capture_output=True, text=True, timeout=seconds + GRACE_SECONDS, check=False,
        )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if line.startswith("figures ")]
    if done.returncode or not told:
        raise NoAnswer(f"wrk gave no figures of {url}: {(done.stderr or done.stdout).strip()[-500:]}")
    return read_wrk(told[-1])


def read_wrk(line: str) -> Load:
    """The line that our script prints: count, failed, microseconds taken, then microseconds of each percentile."""
    count, failed, took, *percentiles = (float(word) for word in line.split()[1:])
    p50, p95, p99 = (round(micros / 1000, 2) for micros in percentiles)
    return Load(int(count), int(failed), round(count / took * 1e6, 1) if took else 0.0, p50, p95, p99)


def lua(url: str, requests: list[Request]) -> str:
    """wrk's script. A single question is given as wrk's own, for then Lua is not asked at every request."""
    host = urlsplit(url).netloc
    if len(requests) == 1 and requests[0].method == "GET":
        one = requests[0]
        lines = [f"wrk.path = {_quoted(one.path)}"]
        lines += [f"wrk.headers[{_quoted(name)}] = {_quoted(value)}" for name, value in one.headers.items()]
    else:
        lines = [
            "local asked = {", *(f"  {_quoted(_raw(host, one))}," for one in requests), "}",
            "local turn, number = 0, 0",
            "function setup(thread) thread:set('first', number); number = number + 1 end",
            f"function init() turn = first * {max(1, len(requests) // 2)} end",
            "function request() turn = turn % #asked + 1; return asked[turn] end",
        ]  # fmt: skip
    return "\n".join([*lines, _DONE])


_DONE = """\
function done(summary, latency)
  local lost = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  print(string.format("figures %d %d %d %d %d %d", summary.requests, summary.errors.status + lost, summary.duration,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
"""


def _raw(host: str, one: Request) -> str:
    body = one.body.encode()
    headers = {"Host": host, **one.headers} | ({"Content-Length": str(len(body))} if body else {})
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{one.method} {one.path} HTTP/1.1\r\n{head}\r\n{one.body}"


def _quoted(text: str) -> str:
    """As Lua reads it, whatever the bytes are."""
    return '"' + "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:03d}" for b in text.encode()) + '"'


def _python(url: str, requests: list[Request], connections: int, seconds: int) -> Load:
    asked = [asdict(one) for one in requests]
    return _of_process({"url": url, "requests": asked, "connections": connections, "seconds": seconds})


def _of_process(plan: dict[str, Any]) -> Load:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.drivers"], input=json.dumps(plan), cwd=ROOT, capture_output=True, text=True,
        timeout=plan["seconds"] + GRACE_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NoAnswer(f"The driver gave no figures of {plan['url']}: {done.stderr.strip()[-500:]}")
    return Load(**json.loads(done.stdout.splitlines()[-1]))


def drive(plan: dict[str, Any]) -> Load:
    """What the process of its own does."""
    if "story" in plan:
        from benchmarks.checkout import story_of

        story, counted = story_of(plan["facts"]), "order"
    else:
        requests, turns = [Request(**one) for one in plan["requests"]], itertools.count()

        def story(shopper: Shopper) -> None:
            one = requests[next(turns) % len(requests)]
            body = json.loads(one.body) if one.body else None
            shopper.call("asked", one.method, one.path, body, headers=one.headers, wanted=ANSWERED)

        counted = "asked"
    tally = crowd(plan["url"], story, shoppers=plan["connections"], seconds=plan["seconds"])
    return _load_of(tally, tally.seconds.get(counted, []))


ANSWERED = (200, 201, 204, 302, 303, 304)


def _load_of(tally: Tally, seconds: list[float]) -> Load:
    ms, failed = sorted(1000 * one for one in seconds), sum(tally.failures.values())
    p50, p95, p99 = (round(percentile(ms, part), 2) if ms else 0.0 for part in (0.5, 0.95, 0.99))
    return Load(tally.stories, failed, round(tally.per_second, 1), p50, p95, p99)


if __name__ == "__main__":
    print(json.dumps(asdict(drive(json.load(sys.stdin)))))
