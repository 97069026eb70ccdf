"""Who of the team hears of new orders, and of which."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.accounts.types import Role
from kidspetite.sales.orders.models import NewsChoice, Order

How = NewsChoice.How
SEES_ORDERS = "orders.view_order"


def readers(how: How) -> list[User]:
    """Everybody who works here, may see orders, and hears of them in this way."""
    return [person for person in _team().order_by("pk") if person.has_perm(SEES_ORDERS) and choice_of(person) == how]


def choice_of(person: User) -> How:
    """What they chose; else an owner hears of each order, and others of none."""
    chosen = NewsChoice.objects.filter(user=person).first()
    if chosen:
        return How(chosen.how)
    is_owner = person.is_superuser or person.groups.filter(name=Role.OWNER.value).exists()
    return How.EACH if is_owner else How.OFF


def is_reader(user_id: int) -> bool:
    """Whether somebody may still be told of orders, and wants to be."""
    person = _team().filter(pk=user_id).first()
    return person is not None and person.has_perm(SEES_ORDERS) and choice_of(person) != How.OFF


def paid_between(since: datetime, until: datetime) -> list[Order]:
    """The orders that were paid from one moment to before another, the earliest first; those of the demo are none."""
    paid = Order.objects.filter(paid_at__gte=since, paid_at__lt=until, is_demo=False)
    return list(paid.order_by("paid_at", "pk"))


def _team() -> QuerySet[User]:
    return User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), is_active=True)
