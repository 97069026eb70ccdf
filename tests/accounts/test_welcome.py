"""The first letter to a new customer: once, and only where the mailbox is known to be theirs."""

from datetime import timedelta

import pytest
import time_machine

from kidspetite.foundation.accounts import operations
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications.models import Message

pytestmark = pytest.mark.django_db

MAYA = "maya@home.example"


def link_in_mail() -> str:
    text = Message.objects.filter(kind="email-verification").latest("pk").text
    return "/" + next(word for word in text.split() if "://" in word).split("/", 3)[3]


def test_who_says_yes_from_the_mailbox_is_greeted_once(client):
    client.post("/sign-up", {"email": MAYA, "password1": "three-wooden-hooks-9"})
    assert not Message.objects.filter(kind="welcome").exists(), (
        "an address that a stranger typed gets one letter, not two"
    )
    link = link_in_mail()
    client.post(link)
    client.post(link)
    letter = Message.objects.get(kind="welcome")
    assert letter.to == MAYA
    assert "Start with a height" in letter.text


def test_a_proved_address_is_greeted_once_however_often_it_is_told():
    user = User.objects.create_user(MAYA, name="Maya")
    user.emailaddress_set.create(email=MAYA, primary=True, verified=True)
    assert operations.welcome(user)
    assert operations.welcome(user)
    assert Message.objects.filter(kind="welcome").count() == 1


@pytest.mark.parametrize(("facts", "verified", "days"), [({}, False, 0), ({"is_staff": True}, True, 0), ({}, True, 31)])
def test_others_are_not(facts, verified, days):
    user = User.objects.create_user(MAYA, **facts)
    user.emailaddress_set.create(email=MAYA, primary=True, verified=verified)
    user.refresh_from_db()
    with time_machine.travel(clock.now() + timedelta(days=days)):
        assert not operations.welcome(user)
    assert not Message.objects.exists()
