from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RatesChanged:
    """What sending costs, or how long it takes, was changed; `methods` are the codes of the ways to send."""

    methods: tuple[str, ...]
