"""What providers send by themselves: kept first, acted upon in a job."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from django.db import transaction

from kidspetite.foundation.plumbing import inbox, wiring
from kidspetite.sales.payments.errors import MessageRefused
from kidspetite.sales.payments.ports import ProviderNews

log = structlog.get_logger(__name__)


def take_message(provider: str, raw: bytes, headers: Mapping[str, str]) -> None:
    """Keep a webhook once it is proved to come from its provider; a job does the rest. A second delivery, and news of
    things that are none of ours, change nothing. Raises MessageRefused, and then nothing of it is kept or logged."""
    if provider not in wiring.codes("payments"):
        raise MessageRefused()
    news: ProviderNews = wiring.provider("payments", provider)
    message = news.opened(raw, headers)
    if news.named_in(message.body) is None:
        log.info("message_left", provider=provider, kind=message.kind)
        return
    with transaction.atomic():
        inbox.receive(provider=provider, external_id=message.external_id, kind=message.kind, body=message.body)
