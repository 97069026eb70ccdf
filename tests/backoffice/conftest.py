from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def staff(db) -> Callable[[Any], Any]:
    """`staff(Role.SUPPORT)` is a client of somebody of that role, signed in."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from kidspetite.foundation.accounts.models import User

    def signed_in(role: Any) -> Client:
        user = User.objects.create_user(f"{role.name.lower()}@team.example", is_staff=True, name=role.value)
        user.groups.add(Group.objects.get(name=role.value))
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def owner(staff) -> Any:
    from kidspetite.foundation.accounts.types import Role

    return staff(Role.OWNER)
