from kidspetite.foundation.notifications import operations, queries
from kidspetite.foundation.notifications.events import MessageQueued
from kidspetite.foundation.notifications.rules import still_wanted
from kidspetite.foundation.plumbing import wiring
from kidspetite.foundation.plumbing.events import WebhookReceived
from kidspetite.foundation.plumbing.publishing import calls_out, on


@calls_out(MessageQueued)
def post_letter(event: MessageQueued) -> None:
    operations.deliver(event.message_id)


@on(WebhookReceived)
def hear_news(event: WebhookReceived) -> None:
    if event.provider in wiring.codes("mail"):
        operations.hear_news(event.entry_id)
    elif event.provider in wiring.codes("texts"):
        operations.hear_text_news(event.entry_id)


@still_wanted(queries.QUESTION)
def is_unanswered(subject_key: str) -> bool:
    """A phone that has answered is not asked."""
    return queries.is_unanswered(subject_key)
