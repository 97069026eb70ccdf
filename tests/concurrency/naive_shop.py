"""The busy shop with its row locks taken out, for granian: the twin that must fail where the shop must not."""

import pytest

from tests.concurrency.busy_shop import application
from tests.harness.crowd import without_locks

__all__ = ["application"]

twin = without_locks(pytest.MonkeyPatch())
twin.__enter__()
