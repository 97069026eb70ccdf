"""The door alone: who may see the staff screens is another room's question."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def without_the_staff_door(settings):
    settings.MIDDLEWARE = [layer for layer in settings.MIDDLEWARE if "backoffice" not in layer]
