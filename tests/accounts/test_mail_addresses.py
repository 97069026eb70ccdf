"""The rooms and pages that take a mail address all take the same ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.accounts.errors import EnquiryIncomplete
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.content.rules import faults_of
from kidspetite.foundation.content.types import ShopFacts
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.errors import NotAnAddress
from kidspetite.foundation.notifications.types import Letter
from kidspetite.journeys.checkout import rules as checkout
from kidspetite.sales.orders import queries as orders
from tests.factories.checkout import a_selling_shop, bought

pytestmark = pytest.mark.django_db

UGLY = ('"maya"@home.example', "maya@[192.0.2.1]", "maya@home", "a..b@home.example", "x" * 65 + "@home.example")


def _enquires(email: str) -> None:
    accounts.receive_enquiry(name="Maya", email=email, text="When does it come?")


def _buys(email: str) -> None:
    checkout.validate_email(email)


def _writes(email: str) -> None:
    notifications.send_message(Letter(key="k", kind="test", to=email, subject="s", text="t"))


def _settles(email: str) -> None:
    if faults := faults_of(ShopFacts(name="Kids Petite", email=email)):
        raise EnquiryIncomplete(str(faults))


@pytest.mark.parametrize("room", [_enquires, _buys, _writes, _settles])
@pytest.mark.parametrize("email", UGLY)
def test_no_room_takes_what_no_letter_reaches(room: Callable[[str], None], email: str):
    with pytest.raises(DomainError):
        room(email)


@pytest.mark.parametrize("room", [_enquires, _buys, _writes, _settles])
def test_every_room_takes_an_address_in_another_script(room: Callable[[str], None]):
    room("maya@bücher.example")


def test_a_letter_takes_no_header_along():
    with pytest.raises(NotAnAddress):
        _writes("maya@home.example\r\nBcc: all@home.example")


@pytest.mark.parametrize("email", UGLY)
def test_nobody_signs_up_with_what_no_letter_reaches(email: str):
    answer = Client().post("/sign-up", {"email": email, "password1": "seven-odd-buttons"})
    assert answer.status_code in (200, 422)
    assert not User.objects.exists()


def test_who_signed_up_in_another_script_signs_in_the_same_way():
    typed = {"email": "maya@bücher.example", "password1": "seven-odd-buttons"}
    assert Client().post("/sign-up", typed).status_code == 302
    assert User.objects.get().email == "maya@xn--bcher-kva.example"
    signed_in = Client().post("/sign-in", {"login": "maya@bücher.example", "password": "seven-odd-buttons"})
    assert signed_in.status_code == 302


def test_an_order_is_found_by_the_address_as_it_was_typed():
    a_selling_shop()
    number = bought(email="maya@bücher.example").order_number
    assert orders.find_order(number=number, email=" Maya@Bücher.example ") is not None
