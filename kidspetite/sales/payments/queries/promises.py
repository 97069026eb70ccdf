"""What the rows of this room promise, each with the query that finds whoever breaks it."""

from kidspetite.foundation.plumbing.integrity import Promise

PROMISES = (
    Promise(
        "paid_orders_are_paid_in_full",
        "What was captured or is held for a paid order, all tenders together, is not its total in its currency.",
        """select o.number from orders_order o
           left join payments_payment p on p.order_id = o.id and p.status in ('authorised', 'captured')
               and p.currency = o.currency
           where o.status in ('paid', 'shipped', 'delivered', 'refunded')
           group by o.id having count(p.id) filter (where p.account_id is null) <> 1
               or sum(p.amount_minor) <> o.total_minor""",
    ),
    Promise(
        "orders_tell_their_tenders",
        "What a paid order says it was paid with is not what its payments say.",
        """select o.number from orders_order o
           where o.paid_at is not null and o.status in ('paid', 'shipped', 'delivered', 'refunded')
             and (select array_agg(row (one ->> 'provider', (one ->> 'amount_minor')::bigint)
                                   order by one ->> 'provider')
                  from jsonb_array_elements(o.tenders) one)
                 is distinct from
                 (select array_agg(row (p.provider::text, p.amount_minor) order by p.provider::text)
                  from payments_payment p
                  where p.order_id = o.id and p.status in ('authorised', 'captured') and p.amount_minor > 0)""",
    ),
    Promise(
        "credit_entries_make_the_balance",
        "The balance of somebody's store credit is not the sum of its entries, or below zero.",
        """select a.id from payments_creditaccount a left join payments_creditentry e on e.account_id = a.id
           group by a.id having a.balance_minor < 0 or a.balance_minor <> coalesce(sum(e.amount_minor), 0)""",
    ),
    Promise(
        "credit_moves_with_its_tender",
        "Store credit that pays an order did not leave the ledger exactly once, or came back though it was spent.",
        """select p.id from payments_payment p
           left join payments_creditentry spent on spent.key = 'spent:' || p.id and spent.account_id = p.account_id
           left join payments_creditentry returned on returned.key = 'returned:' || p.id
               and returned.account_id = p.account_id
           where p.account_id is not null
             and (coalesce(spent.amount_minor, 0) <> -p.amount_minor
                  or coalesce(returned.amount_minor, 0) <> case p.status when 'voided' then p.amount_minor else 0 end
                  or p.status = 'captured' and p.captured_minor <> p.amount_minor)""",
    ),
    Promise(
        "credit_waits_for_a_payment",
        "Store credit is set aside for an order, but no payment of it is under way.",
        """select p.id from payments_payment p
           join payments_payment lead on lead.id = p.beside_id join orders_order o on o.id = p.order_id
           where p.account_id is not null and p.status = 'authorised'
             and (lead.status not in ('intended', 'requires_action', 'unknown')
                  or o.status not in ('awaiting_payment', 'requires_action', 'payment_unknown')
                     and not exists (select 1 from procrastinate_jobs j where j.status in ('todo', 'doing')
                         and j.args ->> 'event' = 'sales.orders.events.OrderCancelled'
                         and (j.args -> 'facts' ->> 'order_id')::bigint = o.id))""",
    ),
    Promise(
        "credit_refunds_reach_the_ledger",
        "A refund into store credit is not in the ledger, or the ledger tells of one that was not made.",
        """select coalesce(r.key, e.key) from payments_refund r
           full join payments_creditentry e on e.key = 'refund:' || r.id
           where (r.account_id is not null and r.status = 'done'
                  and (e.amount_minor is distinct from r.amount_minor or e.account_id <> r.account_id))
              or (e.cause = 'refunded' and (r.id is null or r.account_id is null or r.status <> 'done'))""",
    ),
    Promise(
        "no_piece_goes_back_twice",
        "More pieces of a line were refunded than were sold, or the sending more than once.",
        """select o.number from payments_refundedpieces f join orders_order o on o.id = f.order_id
           left join orders_orderline l on l.order_id = o.id and l.sku = f.sku
           where exists (select 1 from payments_refund r where r.action = f.action and r.status <> 'refused')
           group by o.number, f.sku, l.quantity
           having sum(f.pieces) > coalesce(l.quantity, case f.sku when '' then 1 else 0 end)""",
    ),
    Promise(
        "payments_have_an_order",
        "Money was captured, but its order is neither paid nor is all of it on its way back, nor was that refused.",
        """select p.id from payments_payment p join orders_order o on o.id = p.order_id
           where p.status in ('captured', 'surplus') and p.refunded_minor < p.captured_minor
             and not exists (select 1 from payments_refund r where r.payment_id = p.id and r.status = 'refused')
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
           left join lateral (
               select sum(p.amount_minor - p.captured_minor) as let_go,
                      sum((select coalesce(sum(r.amount_minor), 0) from payments_refund r
                           where r.payment_id = p.id and r.status = 'done')) as given
               from payments_payment p where p.order_id = o.id and p.status = 'captured'
           ) back on true
           where o.refunded_minor <> coalesce(back.given, 0) + coalesce(back.let_go, 0)""",
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
