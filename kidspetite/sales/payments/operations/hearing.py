"""What providers send by themselves: kept first, acted upon in a job. What never arrived is read in their own list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog
from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing import inbox, wiring
from kidspetite.sales.payments import queries, rules
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable, MessageRefused
from kidspetite.sales.payments.models import NewsRead, Payment
from kidspetite.sales.payments.operations.lines import PATIENCE_OF_A_JOB, a_line
from kidspetite.sales.payments.operations.refund_news import hear_refunds
from kidspetite.sales.payments.ports import ProviderNews
from kidspetite.sales.payments.types import ProviderMessage

log = structlog.get_logger(__name__)


def take_message(provider: str, raw: bytes, headers: Mapping[str, str]) -> None:
    """Keep a webhook once it is proved to come from its provider; a job does the rest. A second delivery, and news of
    things that are none of ours, change nothing. Raises MessageRefused, and then nothing of it is kept or logged."""
    if provider not in wiring.codes("payments"):
        raise MessageRefused()
    news: ProviderNews = wiring.provider("payments", provider)
    _keep(provider, news, news.opened(raw, headers))


def catch_up(provider: str, *, until: datetime, asked_before: datetime) -> int:
    """Learn what a provider has told and never got through: from its list of messages, until a moment, or, where it has
    none, from the charges that it was last asked about before another. Gives how many there were.

    Both end where its messages would have. Calls the provider: never inside a transaction. Raises GatewayUnreachable,
    GatewayRefused; the next round goes on from there.
    """
    news: ProviderNews = wiring.provider("payments", provider)
    read = NewsRead.objects.filter(provider=provider).values_list("until", flat=True).first()
    since = read or until - rules.NEWS_KEPT_FOR
    until = min(until, since + rules.NEWS_AT_ONCE)
    with a_line(PATIENCE_OF_A_JOB) as is_free:
        if not is_free:
            raise GatewayUnreachable(provider=provider)
        told = news.told_between(since - rules.NEWS_AGAIN, until)
    if told is None:
        return _look_over(provider, asked_before)
    heard = sum(_keep(provider, news, message) for message in told)
    if until > since:
        NewsRead.objects.update_or_create(provider=provider, defaults={"until": until})
    return heard


def _keep(provider: str, news: ProviderNews, message: ProviderMessage) -> bool:
    """Put a message into the inbox, whose job acts upon it; False for one that was there, or is none of ours."""
    if news.named_in(message.body) is None:
        log.info("message_left", provider=provider, kind=message.kind)
        return False
    with transaction.atomic():
        return inbox.receive(provider=provider, external_id=message.external_id, kind=message.kind, body=message.body)


def _look_over(provider: str, asked_before: datetime) -> int:
    taken_after = clock.now() - rules.LOOKED_OVER_FOR
    looked = queries.payments_to_look_over(provider, asked_before=asked_before, taken_after=taken_after)
    for payment_id in looked:
        try:
            hear_refunds(payment_id)
        except GatewayRefused:  # this one it knows no more; the others wait
            log.exception("look_refused", payment_id=payment_id)
        Payment.objects.filter(pk=payment_id).update(asked_at=clock.now())
    return len(looked)
