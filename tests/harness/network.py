"""Tests talk to this machine only."""

import ipaddress
import socket
from typing import Any

import pytest


class NetworkClosed(RuntimeError):
    """A test tried to reach another machine."""


def close(patch: pytest.MonkeyPatch) -> None:
    """Refuse connections and name look-ups that leave this machine."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(original: Any) -> Any:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX:
                _refuse(address[0])
            return original(self, address)

        return call

    def guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse(host)
        return look_up(host, *arguments, **options)

    patch.setattr(socket.socket, "connect", guarded(connect))
    patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
    patch.setattr(socket, "getaddrinfo", guarded_look_up)


def _refuse(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return
    try:
        if ipaddress.ip_address(str(name).split("%")[0]).is_loopback or name == "0.0.0.0":
            return
    except ValueError:
        pass
    raise NetworkClosed(f"tests stay on this machine; {name!r} was asked for")
