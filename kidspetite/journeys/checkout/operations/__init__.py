"""What a shopper does to buy. `buy` is the only thing a face calls to turn a basket into an order."""

from kidspetite.journeys.checkout.operations.buying import buy
from kidspetite.journeys.checkout.operations.clearing import forget_idle_baskets
from kidspetite.journeys.checkout.operations.drafting import (
    forget_draft,
    forget_idle_drafts,
    join_drafts,
    keep_credit,
    save_draft,
    spend_credit,
)
from kidspetite.journeys.checkout.operations.placing import place_order
from kidspetite.journeys.checkout.operations.readdressing import readdress
from kidspetite.journeys.checkout.operations.settling_address import settle_address
from kidspetite.journeys.checkout.operations.settling_tax import priced_basket, priced_piece
from kidspetite.journeys.checkout.operations.swapping import swap_piece
from kidspetite.journeys.checkout.operations.using_codes import drop_codes, judge_code, use_code

__all__ = [
    "buy",
    "drop_codes",
    "forget_draft",
    "forget_idle_baskets",
    "forget_idle_drafts",
    "join_drafts",
    "judge_code",
    "keep_credit",
    "place_order",
    "priced_basket",
    "priced_piece",
    "readdress",
    "save_draft",
    "settle_address",
    "spend_credit",
    "swap_piece",
    "use_code",
]
