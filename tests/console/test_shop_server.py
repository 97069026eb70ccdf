"""The real shop that browser tests use."""

import urllib.request

import pytest
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.slow


def test_the_running_shop_and_this_test_see_one_database(shop_server, live_database):
    get_user_model().objects.create(email="seen@mail.example")
    with urllib.request.urlopen(f"{shop_server.url}/readyz") as answer:
        assert answer.status == 200


@pytest.mark.django_db
def test_an_ordinary_test_does_not_see_what_the_running_shop_holds(shop_server):
    assert not get_user_model().objects.filter(email="seen@mail.example").exists()


@pytest.mark.browser
def test_a_page_of_the_running_shop_opens(page):
    assert page.goto("/healthz").status == 200
