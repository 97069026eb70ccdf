"""The SQL of a shelf under lock.

Everybody who buys passes through the first three, most of them while others wait. They are written out because the ORM
takes four times as long to put each of them together.
"""

from __future__ import annotations

LOCK_LEVELS = """
select id, variant_id, on_hand, reserved from inventory_stocklevel where variant_id = any(%s) order by id for update
"""
LOCK_IDLE_LEVELS = LOCK_LEVELS.rstrip() + " skip locked"
# Holds on these levels that have lapsed or belong to those who ask, and rows of no level: the pieces that they hold of
# other variants. The two words about an empty origin let the database use the index that leaves those out.
HOLDS_THAT_MATTER = """
with found as (
    select id, level_id, holder, moved_from, client, quantity, kind, expires_at, created_at from inventory_hold
    where level_id = any(%(levels)s) and expires_at <= %(now)s
       or holder = any(%(asking)s)
       or moved_from <> '' and moved_from = any(%(asking)s)
)
select * from found where level_id = any(%(levels)s)
union all
select 0, 0, '', '', '', coalesce(sum(quantity), 0)::int, 'soft', %(now)s, %(now)s from found
where level_id <> all(%(levels)s) and expires_at > %(now)s
"""
# And those that other baskets of the same client hold.
AND_THOSE_OF_THE_CLIENT = """
union all
select 0, 0, '', '', '', coalesce(sum(quantity), 0)::int, 'soft', %(now)s, %(now)s from inventory_hold
where client = %(client)s and client <> '' and expires_at > %(now)s and holder <> all(%(asking)s)
"""
SOLD_FOR = "select 1 from inventory_movement where kind = 'sold' and cause = %(cause)s"
SOLD_FOR_ON = f"{SOLD_FOR} and level_id = any(%(levels)s)"  # by their index
# Holds ended, holds made or changed, movements written down, levels counted anew; what each part touches is under the
# lock of its level.
PUT_BACK = """
with ended as (
    delete from inventory_hold where id = any(%(ended)s::bigint[])
), held as (
    insert into inventory_hold (level_id, holder, moved_from, client, quantity, kind, expires_at)
    select * from unnest(
        %(hold_levels)s::bigint[], %(holders)s::text[], %(origins)s::text[], %(clients)s::text[],
        %(pieces)s::int[], %(kinds)s::text[], %(ends)s::timestamptz[]
    )
    on conflict (level_id, holder) do update
    set moved_from = excluded.moved_from, client = excluded.client, quantity = excluded.quantity,
        kind = excluded.kind, expires_at = excluded.expires_at
), moved as (
    insert into inventory_movement (at, level_id, kind, quantity, promised, reason, cause, actor)
    select %(now)s, * from unnest(
        %(moved_levels)s::bigint[], %(moves)s::text[], %(moved_pieces)s::int[], %(promised)s::int[],
        %(reasons)s::text[], %(causes)s::text[], %(actors)s::text[]
    )
)
update inventory_stocklevel as level
set on_hand = counted.on_hand, reserved = counted.reserved
from unnest(%(levels)s::bigint[], %(on_hand)s::int[], %(reserved)s::int[]) as counted (id, on_hand, reserved)
where level.id = counted.id
"""
# What was held and let go before a day becomes one row a level, so that the sum stays what it was. Rows that moved a
# piece are never touched.
FOLD = """
with gone as (
    delete from inventory_movement where quantity = 0 and at < %(before)s returning level_id, promised
)
insert into inventory_movement (at, level_id, kind, quantity, promised, reason, cause, actor)
select %(before)s - interval '1 microsecond', level_id, case when sum(promised) > 0 then 'held' else 'released' end, 0,
       sum(promised), %(reason)s, '', 'job:inventory.fold_holds'
from gone group by level_id having sum(promised) <> 0
"""
