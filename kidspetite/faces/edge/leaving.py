"""How a web node takes its leave: it says that it is no longer ready, goes on answering, and closes every connection
behind an answer, so that whoever stands before it goes to another node of their own accord."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

type Environ = dict[str, Any]
type App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

PIPE = "SHOP_LEAVING_PIPE"
"""Names a pipe in the environment: who stops the node opens it for writing, and every worker that waits there hears."""

_leaves = threading.Event()


def is_leaving() -> bool:
    """Whether this node was asked to stop and only waits until nobody sends it anything more."""
    return _leaves.is_set()


def polite(app: App) -> App:
    """The application, listening for its end; the bare one where nobody would tell it (./shop up, Vercel)."""
    pipe = os.environ.get(PIPE)
    if not pipe:
        return app
    threading.Thread(target=_wait, args=(Path(pipe),), name="leaving", daemon=True).start()

    def serve(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not _leaves.is_set() or environ.get("SERVER_PROTOCOL") == "HTTP/2":
            return app(environ, start_response)

        def last_answer(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, ("Connection", "close")], *error)

        return app(environ, last_answer)

    return serve


def _wait(pipe: Path) -> None:
    """Opening a pipe to read lasts until somebody opens it to write; nothing is ever written."""
    try:
        pipe.open("rb").close()
    except OSError:  # the folder went with the node
        return
    _leaves.set()
