"""Where pictures lie: in one folder, or in a bucket that every node reaches. Names are by content, so writing twice is
harmless and nothing is ever overwritten."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from kidspetite.foundation.media.bucket import Bucket

# A bucket takes many more, but every worker that makes pictures asks it too.
AT_ONCE = 8


def write(name: str, content: bytes) -> None:
    """Put a file in its place at once and whole; one that is there already is left alone. Raises StoreUnreachable."""
    if bucket := in_bucket():
        bucket.write(name, content)
        return
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


def write_all(files: Mapping[str, bytes]) -> None:
    """The same for many: into a bucket some at a time, for each waits for the network. The first that fails ends it."""
    if not in_bucket():
        for name, content in files.items():
            write(name, content)
        return
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="to-bucket") as hands:
        for _written in hands.map(write, files.keys(), files.values()):
            pass


def read(name: str) -> bytes:
    """The whole file. Raises FileNotFoundError, StoreUnreachable."""
    bucket = in_bucket()
    return bucket.read(name) if bucket else place(name).read_bytes()


def remove(beginning: str) -> None:
    """Take away every file whose name begins so; none is fine. Raises StoreUnreachable."""
    if bucket := in_bucket():
        bucket.remove(beginning)
        return
    folder, _, start = beginning.rpartition("/")
    for file in place(folder).glob(f"{start}*"):
        file.unlink(missing_ok=True)


def place(name: str) -> Path:
    """Where a file lies when there is no bucket."""
    return Path(settings.MEDIA_ROOT) / name


def in_bucket() -> Bucket | None:
    """The bucket that `S3_*` names; None when files lie in the folder."""
    return _bucket(**settings.MEDIA_BUCKET) if settings.MEDIA_BUCKET else None


@lru_cache(maxsize=1)
def _bucket(**named: str) -> Bucket:
    from kidspetite.foundation.media.bucket import Bucket  # some 12 MB of library, and most shops have no bucket

    return Bucket(**named)
