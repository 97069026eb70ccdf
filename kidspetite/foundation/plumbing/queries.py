from __future__ import annotations

from kidspetite.foundation.plumbing.integrity import Broken, Promise, broken


def broken_promises() -> list[Broken]:
    """What the rows of this room break of the shop's promises."""
    return broken(PROMISES)


PROMISES = (
    Promise(
        "webhooks_are_handled",
        "A webhook was received, but what follows from it never happened, and no job is left to do it.",
        """select e.id from plumbing_inboxentry e where e.handled_at is null and not exists (
               select 1 from procrastinate_jobs j where j.status in ('todo', 'doing')
                   and j.args ->> 'event' = 'foundation.plumbing.events.WebhookReceived'
                   and (j.args -> 'facts' ->> 'entry_id')::bigint = e.id)""",
    ),
)
