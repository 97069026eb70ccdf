"""What staff and orders do with promotions. Codes are counted by rows, under a lock, in the order's transaction."""

from kidspetite.goods.pricing.operations.promoting import (
    add_code,
    announce_due,
    forget_demo_promotions,
    make_codes,
    resume_promotion,
    save_promotion,
    set_limit,
    stop_promotion,
)
from kidspetite.goods.pricing.operations.redeeming import give_back, redeem
from kidspetite.goods.pricing.operations.taxing import ask_tax, file_tax, forget_old_taxes, send_filing, send_filings

__all__ = [
    "add_code",
    "announce_due",
    "ask_tax",
    "file_tax",
    "forget_demo_promotions",
    "forget_old_taxes",
    "give_back",
    "make_codes",
    "redeem",
    "resume_promotion",
    "save_promotion",
    "send_filing",
    "send_filings",
    "set_limit",
    "stop_promotion",
]
