"""Letters: written with the business, posted once, kept when the post is shut."""

import smtplib
import socketserver
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations
from kidspetite.foundation.notifications.errors import NotAnAddress, PostRefused, PostUnreachable
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.providers.outbox import Outbox
from kidspetite.foundation.notifications.providers.smtp import SmtpPostman
from kidspetite.foundation.notifications.types import Letter


def a_letter(key: str = "hello:1", **changes: str) -> Letter:
    facts = {"kind": "hello", "to": "maya@home.example", "subject": "Hello", "text": "Good day."}
    return Letter(key=key, **(facts | {"subject_key": "order:KP-1"} | changes))


def shut(fault: Exception):
    def deliver(_postman: Outbox, _letter: Letter) -> str:
        raise fault

    return deliver


@pytest.mark.django_db
class TestSending:
    def test_a_letter_leaves_after_the_commit_and_stays_readable(self, run_waiting_jobs):
        message = operations.send_message(a_letter())
        assert message.status == "queued"
        run_waiting_jobs()
        message.refresh_from_db()
        assert (message.status, message.provider, message.attempts) == ("sent", "outbox", 1)

    def test_the_same_key_is_one_letter(self, run_waiting_jobs):
        first = operations.send_message(a_letter())
        assert operations.send_message(a_letter(subject="Again")).pk == first.pk
        assert run_waiting_jobs() == 1

    def test_a_transaction_that_fails_writes_nothing(self, run_waiting_jobs):
        with transaction.atomic():
            operations.send_message(a_letter())
            transaction.set_rollback(True)
        assert run_waiting_jobs() == 0
        assert not Message.objects.exists()

    def test_a_withdrawn_letter_does_not_leave(self, run_waiting_jobs):
        operations.send_message(a_letter())
        operations.send_message(a_letter("hello:2", subject_key="order:KP-2"))
        assert operations.withdraw_messages(subject="order:KP-1") == 1
        run_waiting_jobs()
        assert dict(Message.objects.values_list("key", "status")) == {"hello:1": "withdrawn", "hello:2": "sent"}

    @pytest.mark.parametrize("to", ["", "maya", "a@b@c", "maya@home.example\nBcc: all@x.example"])
    def test_it_goes_to_addresses_only(self, to):
        with pytest.raises(NotAnAddress):
            operations.send_message(a_letter(to=to))

    def test_no_line_break_reaches_a_header(self):
        message = operations.send_message(a_letter(subject="Hello\r\nBcc: all@x.example " + "x" * 300))
        assert message.subject.startswith("Hello Bcc:")
        assert len(message.subject) <= 200


@pytest.mark.django_db
class TestPostIsShut:
    def test_it_waits_and_is_sent_once_when_the_post_opens(self, monkeypatch):
        message = operations.send_message(a_letter())
        with monkeypatch.context() as patch:
            patch.setattr(Outbox, "deliver", shut(PostUnreachable(answer="421")))
            for _ in range(2):
                with pytest.raises(PostUnreachable):
                    operations.deliver(message.pk)
        message.refresh_from_db()
        assert (message.status, message.attempts) == ("queued", 2)
        assert "421" in message.error
        assert operations.deliver_waiting() == 0, "its own job is still at it"
        with time_machine.travel(clock.now() + timedelta(minutes=11), tick=True):
            assert operations.deliver_waiting() == 1
            assert operations.deliver_waiting() == 0
        message.refresh_from_db()
        assert (message.status, message.error) == ("sent", "")

    def test_refused_is_a_dead_letter_that_can_be_sent_again(self, monkeypatch, run_waiting_jobs):
        message = operations.send_message(a_letter())
        with monkeypatch.context() as patch:
            patch.setattr(Outbox, "deliver", shut(PostRefused(answer="550")))
            operations.deliver(message.pk)
        message.refresh_from_db()
        assert message.status == "failed"
        operations.send_again(message.pk)
        run_waiting_jobs()
        message.refresh_from_db()
        assert message.status == "sent"

    def test_what_another_worker_has_in_hand_is_left_until_that_one_is_gone(self):
        message = operations.send_message(a_letter())
        Message.objects.update(claimed_at=clock.now())
        operations.deliver(message.pk)
        message.refresh_from_db()
        assert message.status == "queued"
        with time_machine.travel(clock.now() + timedelta(minutes=4), tick=True):
            operations.deliver(message.pk)
        message.refresh_from_db()
        assert message.status == "sent"

    def test_after_three_days_it_is_given_up(self):
        message = operations.send_message(a_letter())
        with time_machine.travel(clock.now() + timedelta(days=3, minutes=1), tick=True):
            assert operations.deliver_waiting() == 0
        message.refresh_from_db()
        assert message.status == "failed"


class PostOffice(socketserver.StreamRequestHandler):
    """As much SMTP as a letter needs; answers `refusal` to a recipient when there is one."""

    letters: list[str]
    refusal: bytes

    def handle(self) -> None:
        self.say(b"220 post.example")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                self.say(b"250 post.example")
            elif word == b"RCPT" and self.server.refusal:  # type: ignore[attr-defined]
                self.say(self.server.refusal)  # type: ignore[attr-defined]
            elif word == b"DATA":
                self.say(b"354 go on")
                body = iter(self.rfile.readline, b".\r\n")
                self.server.letters.append(b"".join(body).decode())  # type: ignore[attr-defined]
                self.say(b"250 taken")
            elif word == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                self.say(b"250 fine")

    def say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


@pytest.fixture
def post_office():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), PostOffice) as server:
        server.letters, server.refusal = [], b""
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


class TestSmtp:
    def postman(self, server) -> SmtpPostman:
        return SmtpPostman(f"smtp://127.0.0.1:{server.server_address[1]}", sender="Kids Petite <hello@shop.example>")

    def test_a_letter_arrives_with_both_its_bodies(self, post_office):
        letter = a_letter(subject="Über 5 € – hello", html="<p>Good day.</p>")
        number = self.postman(post_office).deliver(letter)
        (arrived,) = post_office.letters
        assert number in arrived
        for word in ("To: maya@home.example", "From: Kids Petite <hello@shop.example>", "text/plain", "text/html"):
            assert word in arrived

    @pytest.mark.parametrize(("answer", "fault"), [(b"550 nobody here", PostRefused), (b"450 full", PostUnreachable)])
    def test_a_refusal_is_for_good_or_for_now(self, post_office, answer, fault):
        post_office.refusal = answer
        with pytest.raises(fault):
            self.postman(post_office).deliver(a_letter())

    def test_no_post_office_is_unreachable(self, post_office):
        post_office.shutdown()
        post_office.server_close()
        with pytest.raises(PostUnreachable):
            self.postman(post_office).deliver(a_letter())

    def test_each_address_has_its_port_and_manner(self, monkeypatch):
        called = []
        monkeypatch.setattr(smtplib.SMTP, "__init__", lambda _self, host, port, **_: called.append((host, port)))
        monkeypatch.setattr(smtplib.SMTP_SSL, "__init__", lambda _self, host, port, **_: called.append((host, port)))
        monkeypatch.setattr(smtplib.SMTP, "starttls", lambda _self, **_: called.append("starttls"))
        for url in ("smtp://a.example", "smtp+tls://b.example", "smtps://c.example:4465"):
            SmtpPostman(url, sender="a@b.example")._connection()
        assert called == [("a.example", 25), ("b.example", 587), "starttls", ("c.example", 4465)]
