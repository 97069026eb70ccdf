"""Where pictures lie: one folder, names by content, so writing twice is harmless and nothing is ever overwritten."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings


def write(name: str, content: bytes) -> None:
    """Put a file in its place at once and whole; one that is there already is left alone."""
    file = place(name)
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as open_draft:
            open_draft.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(file)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def read(name: str) -> bytes:
    return place(name).read_bytes()


def remove(folder: str, pattern: str) -> None:
    """Take files away, as many as a pattern names; none is fine."""
    for file in place(folder).glob(pattern):
        file.unlink(missing_ok=True)


def place(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name
