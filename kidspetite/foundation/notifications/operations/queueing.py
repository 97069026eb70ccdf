from __future__ import annotations

from kidspetite.foundation.notifications.events import MessageQueued
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.foundation.plumbing.recipes import write_kept


def queue(message: Message) -> Message:
    """Write a message that its job sends after the commit. The same key again changes nothing and gives the first."""
    if not write_kept(message, unless="key"):
        return Message.objects.get(key=message.key)
    publish(MessageQueued(message.pk))
    return message
