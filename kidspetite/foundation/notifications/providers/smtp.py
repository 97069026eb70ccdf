from __future__ import annotations

import hashlib
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import unquote, urlsplit

from kidspetite.foundation.notifications.errors import PostRefused, PostUnreachable
from kidspetite.foundation.notifications.types import Letter

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class SmtpPostman:
    """The Postman port over SMTP. The address tells the manner: smtps is TLS from the start, smtp+tls is STARTTLS."""

    code = "smtp"

    def __init__(self, url: str, *, sender: str, timeout: float = 10.0) -> None:
        parts = urlsplit(url)
        self._scheme = parts.scheme
        self._host = parts.hostname or "localhost"
        self._port = parts.port or PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        name, address = parseaddr(sender)
        self._sender = Address(name, addr_spec=address)
        self._timeout = timeout

    def deliver(self, letter: Letter) -> str:
        mail = self._mail(letter)
        try:
            with self._connection() as server:
                server.send_message(mail)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as fault:
            raise _judged(fault) from fault
        except (smtplib.SMTPException, OSError) as fault:
            raise PostUnreachable(answer=type(fault).__name__) from fault
        return str(mail["Message-ID"])

    def _mail(self, letter: Letter) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._sender
        mail["To"] = letter.to
        mail["Subject"] = letter.subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = self._id_of(letter)
        mail["Auto-Submitted"] = "auto-generated"
        if letter.unsubscribe_url:
            mail["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(letter.text)
        if letter.html:
            mail.add_alternative(letter.html, subtype="html")
        return mail

    def _id_of(self, letter: Letter) -> str:
        """The same for the same letter: should its answer be lost and it be sent again, a mailbox may see that."""
        return f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@{self._sender.domain}>"

    def _connection(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
            if self._scheme == "smtp+tls":
                server.starttls(context=context)
        if self._user:
            server.login(self._user, self._password)
        return server


def _judged(fault: smtplib.SMTPException) -> PostUnreachable | PostRefused:
    """A code from 500 on is for good; one below, such as a full mailbox, may be better later."""
    codes = [code for code, _ in getattr(fault, "recipients", {}).values()] or [getattr(fault, "smtp_code", 0)]
    answer = f"SMTP {codes[0]}"
    return PostRefused(answer=answer) if all(code >= 500 for code in codes) else PostUnreachable(answer=answer)
