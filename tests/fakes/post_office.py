"""A real mail server on this machine, by aiosmtpd: it keeps what arrives, and can refuse, ask for TLS, or be shut."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.harness.server import free_port

USER, PASSWORD = "shop", "p@ss:word"  # nosec B105 - of a server that lives for one test
logging.getLogger("mail.log").setLevel(logging.WARNING)  # every line of every visitor otherwise


@dataclass
class PostOffice:
    """The server's inside. `refusal` answers every recipient; `on_letter` is told of each letter before it is
    acknowledged."""

    letters: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    refusal: str = ""
    on_letter: Callable[[str], None] = lambda to: None
    port: int = 0
    _controller: Controller | None = None

    @property
    def arrived(self) -> list[str]:
        """To whom, in the order in which the letters came."""
        return [to for recipients, _letter in self.letters for to in recipients]

    def open(self, **told: Any) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=20, **told)
        self._controller.start()

    def shut(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append((list(envelope.rcpt_tos), letter))
        self.on_letter(envelope.rcpt_tos[0])
        return "250 OK"


@contextmanager
def post_office(*, certificate: ssl.SSLContext | None = None) -> Iterator[PostOffice]:
    """An open one; with a certificate it speaks to nobody who has not begun TLS and signed in."""
    office = PostOffice(port=free_port())
    told: dict[str, Any] = {}
    if certificate:
        told = {"tls_context": certificate, "require_starttls": True, "auth_required": True, "authenticator": _knows}
    office.open(**told)
    try:
        yield office
    finally:
        office.shut()


def _knows(server: Any, session: Any, envelope: Any, mechanism: str, told: Any) -> AuthResult:
    right = isinstance(told, LoginPassword) and (told.login, told.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right)
