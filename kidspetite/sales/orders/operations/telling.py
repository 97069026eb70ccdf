"""How the team hears of new orders: each by a letter, all of a day in one, or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.plumbing import audit
from kidspetite.sales.orders import rules
from kidspetite.sales.orders.errors import NewsUnclear
from kidspetite.sales.orders.messages import staff as letters
from kidspetite.sales.orders.models import NewsChoice
from kidspetite.sales.orders.queries import news

WRONG_CLOCK = timedelta(days=2)


@transaction.atomic
def choose_news(user: User, how: str) -> NewsChoice:
    """How somebody of the team wants to hear of new orders. A daily letter begins with the orders from now on. Raises
    NewsUnclear for what is no choice."""
    if how not in NewsChoice.How.values:
        raise NewsUnclear()
    now = clock.now()
    row, _is_new = NewsChoice.objects.select_for_update().get_or_create(
        user=user, defaults={"how": how, "told_until": now}
    )
    if row.how != how:
        row.how, row.told_until = how, now
        row.save(update_fields=["how", "told_until"])
    audit.record(actor=f"user:{user.pk}", verb="orders.choose_news", subject=f"user:{user.pk}", how=how)
    return row


def write_daily_letters() -> int:
    """Write to everybody who wants one letter a day and has not had the newest; gives how many. Run late it tells of
    all the days that were missed, run twice it tells nothing twice."""
    until = rules.last_telling(clock.now(), content.shop_settings().time_zone)
    return sum(_tell(reader, until) for reader in news.readers(NewsChoice.How.DAILY))


@transaction.atomic
def _tell(reader: User, until: datetime) -> bool:
    """Locks the choice. One that was told of days to come, because the clock was plainly wrong, begins anew; a clock
    that went back by less is waited for."""
    row = NewsChoice.objects.select_for_update().get(user=reader)
    since, row.told_until = row.told_until, until
    if until <= since < clock.now() + WRONG_CLOCK:
        return False
    row.save(update_fields=["told_until"])
    paid = news.paid_between(since, until)
    if paid:
        notifications.send_message(letters.daily_orders(paid, reader, until=until))
    return bool(paid)
