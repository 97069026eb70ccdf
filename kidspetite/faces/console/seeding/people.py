"""Everyone who can sign in to the demo: a person for every role, and customers with their addresses."""

from __future__ import annotations

import dataclasses

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from kidspetite.faces.console.demo.shopkeeping import People
from kidspetite.foundation.accounts.models import Address, User


@transaction.atomic
def make_people(people: People) -> int:
    """Users with their roles and addresses; returns how many are new."""
    known = set(User.objects.values_list("email", flat=True))
    password = make_password(people.password)  # one hash for all: they share the documented password
    made = 0
    for member in people.staff:
        if member.email not in known:
            user = User.objects.create(
                email=member.email, name=member.name, password=password, is_staff=True, is_demo=True,
                is_superuser=member.role == "Owner",
            )  # fmt: skip
            user.groups.add(Group.objects.get_or_create(name=member.role.value)[0])
            made += 1
    for customer in people.customer:
        if customer.email not in known:
            user = User.objects.create(
                email=customer.email, name=customer.name, phone=customer.phone or "", password=password, is_demo=True
            )
            Address.objects.bulk_create(
                Address(user=user, phone=customer.phone or "", is_default=number == 0, **dataclasses.asdict(address))
                for number, address in enumerate(customer.addresses)
            )
            made += 1
    return made
