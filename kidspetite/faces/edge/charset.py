"""The outermost door. Django reads a request's charset before any middleware could refuse it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

type App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

FOREIGN = re.compile(r";\s*charset\*?\s*=(?!\s*\"?utf-?8\"?\s*(?:;|$))[^;]*", re.IGNORECASE)


def in_utf8(app: App) -> App:
    """Read every request as UTF-8, whatever charset it claims: what is not UTF-8 is then refused as broken text.

    Some charsets that Python knows are no text at all (`rot13`), and others spell a NUL in letters (`utf-7`).
    """

    def door(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if kind := environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = FOREIGN.sub("", kind)
        return app(environ, start_response)

    return door
