from collections.abc import Iterator

import pytest

from tests.harness import crowd


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same code with its row locks taken out: a race that passes even so proves nothing."""
    with crowd.without_locks(monkeypatch):
        yield
