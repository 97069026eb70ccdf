"""One kept page: its bytes in every encoding that was asked for, each with its own ETag and ready headers."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass, field
from sys import intern
from typing import NamedTuple

import brotli
import zstandard

type Header = tuple[str, str]

# Best first; the levels are what a first visitor waits for, so they stay in the cheap part of each curve.
ENCODINGS = ("br", "zstd", "gzip", "identity")
BROTLI, ZSTD, GZIP = 5, 9, 6
# What a page costs beside its bytes: headers, key, tags, and Python's own objects.
OVERHEAD = 4_000
# Told anew with every answer, or said of the answer that filled the cache and of no other.
NOT_KEPT = frozenset(
    {"content-length", "content-encoding", "etag", "vary", "date", "age", "x-request-id", "server-timing", "set-cookie"}
)
# RFC 9110 §15.4.5: what a 304 repeats.
IN_304 = frozenset({"cache-control", "cdn-cache-control", "cache-tag", "expires", "content-location"})
VARY: Header = ("Vary", "Accept-Encoding")


class Packed(NamedTuple):
    """A page in one encoding."""

    etag: str
    body: list[bytes]
    headers: list[Header]
    headers_304: list[Header]


@dataclass(slots=True)
class Page:
    """What was answered once, with 200. `expires` and `dies` are moments of the monotonic clock: from the one on it is
    shown while it is made anew, from the other on it is not shown any more."""

    headers: tuple[Header, ...]
    tags: frozenset[str]
    made: float
    expires: float
    dies: float
    digest: str
    squeezed: bytes
    packed: dict[str, Packed] = field(default_factory=dict)

    @classmethod
    def of(
        cls, headers: list[Header], body: bytes, *, tags: frozenset[str], made: float, life: tuple[int, int]
    ) -> Page:
        """`life` is how many seconds it is fresh, and how many more it may be shown while it is made anew."""
        fresh, stale = life
        kept = tuple((intern(name), intern(value)) for name, value in headers if name.lower() not in NOT_KEPT)
        return cls(
            headers=kept, tags=tags, made=made, expires=made + fresh, dies=made + fresh + stale,
            digest=hashlib.blake2b(body, digest_size=12).hexdigest(), squeezed=_squeeze(body),
        )  # fmt: skip

    @property
    def bytes(self) -> int:
        return (
            OVERHEAD + len(self.squeezed) + sum(len(one.body[0]) for name, one in self.packed.items() if name != "zstd")
        )

    def pack(self, encoding: str) -> Packed:
        """The page in an encoding, made when it is first asked for: most are only ever asked for in one or two."""
        body = self.squeezed if encoding == "zstd" else _encoded(_unsqueeze(self.squeezed), encoding)
        etag = f'"{self.digest}"' if encoding == "identity" else f'"{self.digest}-{encoding}"'
        own: list[Header] = [VARY, ("ETag", etag)]
        whole = [*self.headers, *own, ("Content-Length", str(len(body)))]
        if encoding != "identity":
            whole.append(("Content-Encoding", encoding))
        short = [*((name, value) for name, value in self.headers if name.lower() in IN_304), *own]
        self.packed[encoding] = packed = Packed(etag, [body], whole, short)
        return packed


def preferred(accepted: str, among: tuple[str, ...] = ENCODINGS) -> str | None:
    """The best of these encodings by an Accept-Encoding header; None when the client refuses all of them.

    RFC 9110 §12.5.3: the highest `q` wins, of equal ones the smallest answer; what is not named goes by `*`, and the
    plain text is always welcome unless it is refused by name or by `*;q=0`.
    """
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _semicolon, parameters = part.strip().partition(";")
        if name := {"x-gzip": "gzip"}.get(name.strip(), name.strip()):
            weights[name] = _weight(parameters)
    star = weights.get("*")
    weights.setdefault("identity", 0.000_1 if star is None or star > 0 else 0.0)
    best = max(among, key=lambda name: weights.get(name, star or 0.0))
    return best if weights.get(best, star or 0.0) > 0 else None


def is_known(etag: str, asked: str) -> bool:
    """Whether an If-None-Match header names this ETag. CDNs mark ours as weak on the way; here that is all one."""
    if asked == etag or asked.strip() == "*":
        return True
    return etag in (one.strip().removeprefix("W/") for one in asked.split(","))


def _weight(parameters: str) -> float:
    found = re.search(r"(?:^|;)\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)", parameters)
    return float(found[1]) if found else 1.0


def _encoded(body: bytes, encoding: str) -> bytes:
    match encoding:
        case "br":
            return brotli.compress(body, quality=BROTLI, mode=brotli.MODE_TEXT)
        case "gzip":
            return gzip.compress(body, GZIP, mtime=0)  # without the clock in it, all workers make the same bytes
        case _:
            return body


def _squeeze(body: bytes) -> bytes:
    """The library hands out a buffer as large as the worst case, of which a seventh is used; only that is kept."""
    return bytes(memoryview(zstandard.ZstdCompressor(level=ZSTD).compress(body)))


def _unsqueeze(squeezed: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(squeezed)
