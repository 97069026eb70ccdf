"""Sessions that are over leave nothing behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session

from kidspetite.faces.edge.jobs import sweep_sessions
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sweep_forgets_them_with_the_address_they_came_from():
    maya = User.objects.create_user("maya@home.example")
    for key, hours in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=clock.now() + timedelta(hours=hours))
        UserSession.objects.create(user=maya, session_key=key, ip="192.0.2.1", user_agent="test")
    # In a thread of its own: a browser test of this process may have left a running loop in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(async_to_sync(sweep_sessions.func), timestamp=0).result()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["new"]
