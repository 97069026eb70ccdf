"""Pictures in a bucket of S3-compatible storage (AWS, R2, MinIO, …), by obstore."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import PurePosixPath

import obstore
import structlog
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from kidspetite.foundation.media.errors import StoreUnreachable
from kidspetite.foundation.media.types import FOR_EVER, KINDS

log = structlog.get_logger(__name__)

CONNECT_SECONDS, ANSWER_SECONDS, TRIES_SECONDS, TRIES = 3, 15, 20, 3


class Bucket:
    """One bucket, asked by as many threads as like. Every call waits for the network and at most 20 s; what storage
    does not answer or refuses is StoreUnreachable."""

    def __init__(self, *, name: str, region: str, endpoint: str, key: str, secret: str) -> None:
        self.name = name
        self._store = S3Store(
            name,
            region=region,
            endpoint=endpoint or None,
            access_key_id=key,
            secret_access_key=secret,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
                "timeout": timedelta(seconds=ANSWER_SECONDS),
            },
            retry_config={"max_retries": TRIES, "retry_timeout": timedelta(seconds=TRIES_SECONDS)},
        )

    def write(self, name: str, content: bytes) -> None:
        """Put a file there whole, with what a network that serves the bucket should say of it; one that is there
        already is left alone."""
        if self.has(name):
            return
        told = {"Content-Type": KINDS[PurePosixPath(name).suffix], "Cache-Control": FOR_EVER}
        with _answering("write"):
            obstore.put(self._store, name, content, attributes=told, use_multipart=False)

    def read(self, name: str) -> bytes:
        """Raises FileNotFoundError."""
        with _answering("read"):
            return bytes(obstore.get(self._store, name).bytes())

    def has(self, name: str) -> bool:
        try:
            with _answering("look"):
                obstore.head(self._store, name)
        except FileNotFoundError:
            return False
        return True

    def remove(self, beginning: str) -> None:
        folder = beginning.rpartition("/")[0]
        with _answering("remove"):
            for some in obstore.list(self._store, folder):
                if gone := [one["path"] for one in some if one["path"].startswith(beginning)]:
                    obstore.delete(self._store, gone)


@contextmanager
def _answering(deed: str) -> Iterator[None]:
    try:
        yield
    except NotFoundError as error:
        raise FileNotFoundError(str(error)) from None
    except BaseError as error:
        log.warning("store_unreachable", deed=deed, reason=str(error)[:300])
        raise StoreUnreachable() from error
