from __future__ import annotations

from kidspetite.foundation.plumbing.integrity import Broken, Promise, broken


def broken_promises() -> list[Broken]:
    """What the rows of this room break of the shop's promises."""
    return broken(PROMISES)


PROMISES = (
    Promise(
        "code_uses_within_limit",
        "A code was used more often than its limit allows.",
        """select c.code from pricing_promocode c
           join pricing_redemption r on r.code_id = c.id and r.released_at is null
           where c.limit_total is not null
           group by c.id having count(*) > c.limit_total""",
    ),
    Promise(
        "customer_uses_within_limit",
        "A customer used a promotion more often than it allows each.",
        """select p.id from pricing_promotion p
           join pricing_redemption r on r.promotion_id = p.id and r.released_at is null and r.turn is not null
           where p.limit_per_customer is not null
           group by p.id, r.email_print having count(*) > p.limit_per_customer""",
    ),
)
