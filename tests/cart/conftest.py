from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest


@pytest.fixture
def pass_time(time_machine) -> Callable[..., None]:
    """`pass_time(minutes=10)`: the clock runs from now on, and jumps when it is told to."""
    time_machine.move_to(datetime.now(UTC))
    return lambda **span: time_machine.shift(timedelta(**span))
