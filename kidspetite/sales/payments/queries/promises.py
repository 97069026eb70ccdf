"""What the rows of this room promise, each with the query that finds whoever breaks it."""

from kidspetite.foundation.plumbing.integrity import Promise

PROMISES = (
    Promise(
        "paid_orders_have_one_payment",
        "A paid order has not exactly one captured or held payment of the same amount and currency.",
        """select o.number from orders_order o
           left join payments_payment p on p.order_id = o.id and p.status in ('authorised', 'captured')
               and p.amount_minor = o.total_minor and p.currency = o.currency
           where o.status in ('paid', 'shipped', 'delivered', 'refunded') and not o.is_demo
           group by o.id having count(p.id) <> 1""",
    ),
    Promise(
        "payments_have_an_order",
        "Money was captured, but its order is neither paid nor is all of it on its way back.",
        """select p.id from payments_payment p join orders_order o on o.id = p.order_id
           where p.status in ('captured', 'surplus') and p.refunded_minor < p.captured_minor
             and (p.status = 'surplus'
                  or o.status in ('awaiting_payment', 'requires_action', 'payment_unknown', 'cancelled')
                     and not exists (select 1 from procrastinate_jobs j where j.status in ('todo', 'doing')
                         and j.args ->> 'event' = 'sales.orders.events.OrderCancelled'
                         and (j.args -> 'facts' ->> 'order_id')::bigint = o.id))""",
    ),
    Promise(
        "refunds_add_up",
        "What a payment says went back is not the sum of its refunds, or more than was paid.",
        """select p.id from payments_payment p left join payments_refund r on r.payment_id = p.id
           group by p.id having p.refunded_minor > p.captured_minor
               or p.refunded_minor <> coalesce(sum(r.amount_minor) filter (where r.status <> 'refused'), 0)""",
    ),
    Promise(
        "orders_know_their_refunds",
        "What an order says went back is not the sum of the refunds that were done and of what was never taken.",
        """select o.number from orders_order o
           left join payments_payment p on p.order_id = o.id and p.status = 'captured'
           left join payments_refund r on r.payment_id = p.id and r.status = 'done'
           where not o.is_demo
           group by o.id, p.id having o.refunded_minor <> coalesce(sum(r.amount_minor), 0)
               + coalesce(p.amount_minor - p.captured_minor, 0)""",
    ),
    Promise(
        "paid_orders_are_sold",
        "The pieces of a paid order did not leave the shelf exactly once, or those of an unpaid one did.",
        """with sold as (
               select cause, sum(-quantity) as pieces from inventory_movement where kind = 'sold' group by cause
           ), wanted as (
               select o.id, o.number, o.paid_at, sum(l.quantity) as pieces
               from orders_order o join orders_orderline l on l.order_id = o.id
               where not o.is_demo and l.variant_id is not null group by o.id
           )
           select w.number from wanted w left join sold s on s.cause = 'order:' || w.number
           where coalesce(s.pieces, 0) <> case when w.paid_at is null then 0 else w.pieces end""",
    ),
    Promise(
        "holds_end_with_their_order",
        "Pieces are still promised to an order that is paid or cancelled.",
        """select h.holder from inventory_hold h join orders_order o on 'order:' || o.number = h.holder
           where o.status not in ('awaiting_payment', 'requires_action', 'payment_unknown')""",
    ),
    Promise(
        "the_bank_agrees",
        "The sandbox bank's ledger and our books differ: charged without a payment, or the other way round.",
        """select c.key from payments_sandboxcharge c
           left join payments_payment p on p.key = c.key and p.provider = 'sandbox'
           where (c.status = 'captured' and (p.id is null or p.status in ('declined', 'voided')))
              or (p.status in ('captured', 'surplus') and c.status <> 'captured')
              or (p.status in ('captured', 'surplus') and c.captured_minor <> p.captured_minor)
              or (p.status = 'authorised' and c.status not in ('authorised', 'captured'))
              or (p.id is not null and c.status = 'captured' and c.refunded_minor > p.refunded_minor)""",
    ),
)
