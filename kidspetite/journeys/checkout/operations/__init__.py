"""What a shopper does to buy. `buy` is the only thing a face calls to turn a basket into an order."""

from kidspetite.journeys.checkout.operations.buying import buy
from kidspetite.journeys.checkout.operations.drafting import forget_draft, save_draft
from kidspetite.journeys.checkout.operations.placing import place_order

__all__ = ["buy", "forget_draft", "place_order", "save_draft"]
