from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PromotionsChanged:
    """What the shop says about its promotions has changed: one began, ended, was stopped or reworded."""

    promotion_ids: tuple[int, ...]
