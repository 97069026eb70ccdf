"""Who of the team hears of new orders, and of which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.accounts.types import Role
from kidspetite.foundation.plumbing.recipes import Recipe
from kidspetite.sales.orders.models import NewsChoice, Order

How = NewsChoice.How
SEES_ORDERS = "orders.view_order"
WORKS_HERE = Q(is_staff=True) | Q(is_superuser=True)


def readers(how: How) -> list[User]:
    """Everybody who works here, may see orders, and hears of them in this way."""
    return [person for person in _TEAM.rows() if _choice(person.chosen, is_owner=person.is_owner) == how]


def choice_of(person: User) -> How:
    """What they chose; else an owner hears of each order, and others of none."""
    chosen = NewsChoice.objects.filter(user=person).values_list("how", flat=True).first()
    is_owner = person.is_superuser or person.groups.filter(name=Role.OWNER.value).exists()
    return _choice(chosen, is_owner=is_owner)


def is_reader(user_id: int) -> bool:
    """Whether somebody may still be told of orders, and wants to be."""
    person = _team().filter(pk=user_id).first()
    return person is not None and person.has_perm(SEES_ORDERS) and choice_of(person) != How.OFF


def paid_between(since: datetime, until: datetime) -> list[Order]:
    """The orders that were paid from one moment to before another, the earliest first; those of the demo are none."""
    paid = Order.objects.filter(paid_at__gte=since, paid_at__lt=until, is_demo=False)
    return list(paid.order_by("paid_at", "pk"))


def _choice(chosen: str | None, *, is_owner: bool) -> How:
    if chosen:
        return How(chosen)
    return How.EACH if is_owner else How.OFF


def _team() -> QuerySet[User]:
    return User.objects.filter(WORKS_HERE, is_active=True)


def _team_with_choices() -> QuerySet[Any]:
    """Those of the team who may see orders, with what each of them chose; one statement, as every order asks."""
    owners = Group.objects.filter(user=OuterRef("pk"), name=Role.OWNER.value)
    may_see = ModelBackend().with_perm(SEES_ORDERS).filter(WORKS_HERE)
    chosen = NewsChoice.objects.filter(user=OuterRef("pk")).values("how")
    is_owner = ExpressionWrapper(Q(is_superuser=True) | Q(Exists(owners)), BooleanField())
    return may_see.annotate(chosen=Subquery(chosen), is_owner=is_owner).order_by("pk")


_TEAM = Recipe(_team_with_choices)
