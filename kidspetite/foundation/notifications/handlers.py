from kidspetite.foundation.notifications import operations
from kidspetite.foundation.notifications.events import MessageQueued
from kidspetite.foundation.plumbing.publishing import calls_out


@calls_out(MessageQueued)
def post_letter(event: MessageQueued) -> None:
    operations.deliver(event.message_id)
