"""A Google of our own: Address Validation and Places over HTTP, for a handful of streets, and its bad moods."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.contract import Judge
from tests.fakes.serving import served

KEY = "fake-maps-key"
HOUSES = {
    "12 harbour st": {"line1": "12 Harbour St", "city": "Portland", "state": "ME", "postal_code": "04101"},
    "40 mill rd": {"line1": "40 Mill Rd", "city": "Ames", "state": "IA", "postal_code": "50010", "flats": True},
}


@dataclass
class FakeGoogle:
    """The server's inside, as tests see it. `mood`: "", "slow", "500", "429", "garbage", "list"."""

    judge: Judge = field(default_factory=lambda: Judge("google_maps"))
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    mood: str = ""
    url: str = ""


@contextmanager
def fake_google(*, slow_seconds: float = 1.0) -> Iterator[FakeGoogle]:
    fake = FakeGoogle()
    with served(_handler(fake, slow_seconds)) as fake.url:
        yield fake


def _handler(fake: FakeGoogle, slow_seconds: float) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve("GET", b"")

        def do_POST(self) -> None:
            self._serve("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _serve(self, method: str, body: bytes) -> None:
            told = json.loads(body) if body else {}
            fake.calls.append((method, self.path, told))
            headers = {name.lower(): value for name, value in self.headers.items()}
            fake.judge.request(method, self.path, headers, body)
            if fake.mood == "slow":
                time.sleep(slow_seconds)
            status, answer = _answer(fake, method, urlsplit(self.path).path, headers, told)
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            if not isinstance(answer, bytes) and isinstance(answer, dict):
                fake.judge.answer(method, self.path, status, {"content-type": "application/json"}, content)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _answer(fake: FakeGoogle, method: str, path: str, headers: dict[str, str], told: dict[str, Any]) -> tuple[int, Any]:
    if fake.mood == "500":
        return 500, _error(500, "INTERNAL")
    if fake.mood == "429":
        return 429, _error(429, "RESOURCE_EXHAUSTED")
    if fake.mood == "garbage":
        return 200, b"<html>an outage page"
    if fake.mood == "list":
        return 200, []
    if headers.get("x-goog-api-key") != KEY:
        return 403, _error(403, "PERMISSION_DENIED")
    if path == "/v1:validateAddress":
        return 200, {"responseId": "r-1", "result": _validated(told["address"])}
    if "x-goog-fieldmask" not in headers:
        return 400, _error(400, "INVALID_ARGUMENT")
    if path == "/v1/places:autocomplete":
        return 200, _suggested(told["input"])
    return 200, _place(path.rsplit("/", 1)[-1])


def _validated(asked: dict[str, Any]) -> dict[str, Any]:
    """Knows the streets above by their first line; a wrong city, state or ZIP is replaced."""
    lines = asked["addressLines"]
    house = HOUSES.get(lines[0].lower().replace("street", "st").replace("road", "rd"))
    if house is None:
        return {
            "verdict": {"addressComplete": False, "hasUnconfirmedComponents": True, "possibleNextAction": "FIX"},
            "address": {"unconfirmedComponentTypes": ["route"], "addressComponents": []},
        }
    lacks_flat = bool(house.get("flats")) and len(lines) == 1
    pairs = (("locality", "city"), ("administrative_area_level_1", "state"), ("postal_code", "postal_code"))
    said = {"city": asked["locality"], "state": asked["administrativeArea"], "postal_code": asked["postalCode"][:5]}
    parts = [
        {"componentType": kind, "componentName": {"text": house[ours]}, "confirmationLevel": "CONFIRMED",
         "replaced": said[ours] != house[ours]}
        for kind, ours in pairs
    ]  # fmt: skip
    parts.append({"componentType": "postal_code_suffix", "componentName": {"text": "1234"}, "inferred": True})
    return {
        "verdict": {
            "addressComplete": not lacks_flat, "hasInferredComponents": True,
            "hasReplacedComponents": any(part.get("replaced") for part in parts),
            "possibleNextAction": "CONFIRM_ADD_SUBPREMISES" if lacks_flat else "ACCEPT",
        },
        "address": {
            "addressComponents": parts,
            "missingComponentTypes": ["subpremise"] if lacks_flat else [],
            "postalAddress": {
                "regionCode": "US", "addressLines": [house["line1"], *lines[1:]], "locality": house["city"],
                "administrativeArea": house["state"], "postalCode": house["postal_code"] + "-1234",
            },
        },
        "uspsData": {"dpvConfirmation": "D" if lacks_flat else "Y"},
    }  # fmt: skip


def _suggested(typed: str) -> dict[str, Any]:
    found = [(key, house) for key, house in HOUSES.items() if key.startswith(typed.lower())]
    predictions = [
        {"placePrediction": {
            "placeId": key.replace(" ", "_"), "text": {"text": f"{house['line1']}, {house['city']}"},
            "structuredFormat": {
                "mainText": {"text": house["line1"]}, "secondaryText": {"text": f"{house['city']}, {house['state']}"},
            },
        }}
        for key, house in found
    ]  # fmt: skip
    return {"suggestions": predictions} if predictions else {}


def _place(place_id: str) -> dict[str, Any]:
    house = HOUSES.get(place_id.replace("_", " "))
    if house is None:
        return {"id": place_id, "addressComponents": [_part("country", "France", "FR")]}
    number, route = str(house["line1"]).split(" ", 1)
    return {
        "id": place_id,
        "addressComponents": [
            _part("street_number", number), _part("route", route), _part("locality", str(house["city"])),
            _part("administrative_area_level_1", "a state", str(house["state"])),
            _part("country", "United States", "US"), _part("postal_code", str(house["postal_code"])),
        ],
    }  # fmt: skip


def _part(kind: str, long: str, short: str = "") -> dict[str, Any]:
    return {"longText": long, "shortText": short or long, "types": [kind, "political"]}


def _error(status: int, word: str) -> dict[str, Any]:
    return {"error": {"code": status, "message": "no", "status": word}}
