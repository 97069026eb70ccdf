"""The tests' own ground holds."""

import socket

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from tests.harness.crowd import together
from tests.harness.network import NetworkClosed


def test_the_network_ends_at_this_machine():
    with pytest.raises(NetworkClosed):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(NetworkClosed):
        socket.getaddrinfo("shop.example", 443)


@pytest.mark.django_db
def test_a_migrated_database_is_there():
    assert get_user_model().objects.count() == 0
    assert connection.settings_dict["NAME"].startswith("test_")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_transactional_test_writes_is_gone_for_the_next(turn):
    assert get_user_model().objects.count() == 0
    get_user_model().objects.create(email=f"guest{turn}@mail.example")


@pytest.mark.django_db(transaction=True)
def test_a_crowd_has_a_connection_each():
    pids = together(12, lambda number: connection.connection.info.backend_pid)
    assert len(set(pids)) == 12
