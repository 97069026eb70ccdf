"""A clock for what is told its clock; whoever reads the time by themselves is moved by time_machine."""


class Clock:
    """Seconds. Moves when it is told to."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now
