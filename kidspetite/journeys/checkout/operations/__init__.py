"""What a shopper does to buy. `buy` is the only thing a face calls to turn a basket into an order."""

from kidspetite.journeys.checkout.operations.buying import buy
from kidspetite.journeys.checkout.operations.clearing import forget_idle_baskets
from kidspetite.journeys.checkout.operations.drafting import forget_draft, forget_idle_drafts, join_drafts, save_draft
from kidspetite.journeys.checkout.operations.placing import place_order

__all__ = [
    "buy",
    "forget_draft",
    "forget_idle_baskets",
    "forget_idle_drafts",
    "join_drafts",
    "place_order",
    "save_draft",
]
