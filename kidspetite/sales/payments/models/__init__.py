from kidspetite.sales.payments.models.cards import WISHES, CardAttempt, Payer, SavedCard
from kidspetite.sales.payments.models.credit import CreditAccount, CreditEntry
from kidspetite.sales.payments.models.news import NewsRead
from kidspetite.sales.payments.models.sandbox import SandboxCard, SandboxCharge
from kidspetite.sales.payments.models.tenders import CAPTURES, Dispute, Payment, Refund, RefundedPieces

__all__ = [
    "CAPTURES",
    "WISHES",
    "CardAttempt",
    "CreditAccount",
    "CreditEntry",
    "Dispute",
    "NewsRead",
    "Payer",
    "Payment",
    "Refund",
    "RefundedPieces",
    "SandboxCard",
    "SandboxCharge",
    "SavedCard",
]
