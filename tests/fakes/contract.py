"""Every exchange with a fake is judged by the provider's own specification, where the specifications lie beside us."""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from pathlib import Path
from typing import Any

SPECS = Path(os.environ.get("PROVIDER_SPECS") or Path(__file__).resolve().parents[3] / "shared" / "specs")


@cache
def contract(name: str) -> Any:
    """The judge for one provider ("stripe"), or None where its specification is absent."""
    if not (SPECS / f"{name}.json").exists():
        return None
    spec = importlib.util.spec_from_file_location("contract_check", SPECS / "contract_check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Contract(SPECS / f"{name}.json")


class Judge:
    """Collects what is wrong with requests and answers. Calls that the pruned specification lacks are counted apart."""

    def __init__(self, name: str) -> None:
        self._contract = contract(name)
        self.problems: list[str] = []
        self.judged = 0
        self.beyond: list[str] = []

    def request(self, method: str, url: str, headers: dict[str, str], body: bytes) -> None:
        self._weigh("asked", method, url, lambda judge: judge.request(method, url, headers, body))

    def answer(self, method: str, url: str, status: int, headers: dict[str, str], body: bytes) -> None:
        self._weigh("answered", method, url, lambda judge: judge.response(method, url, status, headers, body))

    def _weigh(self, what: str, method: str, url: str, verdict: Any) -> None:
        if self._contract is None:
            return
        try:
            found = verdict(self._contract)
        except LookupError:
            self.beyond.append(f"{method} {url}")
            return
        self.judged += 1
        self.problems += [f"{what} {method} {url}: {problem}" for problem in found]
