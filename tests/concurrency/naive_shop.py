"""The same shop with its row locks taken out, for granian: the twin that must fail where the shop must not."""

import pytest

from kidspetite.config.wsgi import application
from tests.harness.crowd import without_locks

__all__ = ["application"]

twin = without_locks(pytest.MonkeyPatch())
twin.__enter__()
