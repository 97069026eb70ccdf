"""Letters: written with the business, posted once, kept when the post is shut."""

import smtplib
import ssl
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.db import transaction

from kidspetite.foundation.accounts.operations import receive_enquiry
from kidspetite.foundation.content.models import ShopSettings
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations
from kidspetite.foundation.notifications.errors import NotAnAddress, PostRefused, PostUnreachable
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.providers.outbox import Outbox
from kidspetite.foundation.notifications.providers.smtp import SmtpPostman
from kidspetite.foundation.notifications.types import Letter
from tests.fakes.post_office import PASSWORD, USER, PostOffice, post_office
from tests.fakes.wired import use
from tests.harness.production import write_certificate


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

    def test_after_three_days_of_trying_it_is_given_up(self):
        message = operations.send_message(a_letter())
        Message.objects.update(attempts=1)
        with time_machine.travel(clock.now() + timedelta(days=3, minutes=1), tick=True):
            assert operations.deliver_waiting() == 0
        message.refresh_from_db()
        assert message.status == "failed"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


class TestSmtp:
    def postman(self, office: PostOffice, *, scheme: str = "smtp", who: str = "") -> SmtpPostman:
        url = f"{scheme}://{who}127.0.0.1:{office.port}"
        return SmtpPostman(url, sender="Kids Petite <hello@shop.example>", timeout=5)

    def test_a_letter_arrives_with_both_its_bodies(self, office):
        letter = a_letter(subject="Über 5 € – hello 🧸", html="<p>שלום</p>", text="Good day.\n.\nAnd more.")
        number = self.postman(office).deliver(letter)
        ((recipients, arrived),) = office.letters
        assert recipients == ["maya@home.example"]
        assert arrived["Message-ID"] == number
        assert (arrived["From"], arrived["Subject"]) == ("Kids Petite <hello@shop.example>", letter.subject)
        assert arrived.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == letter.text
        assert "שלום" in arrived.get_body(("html",)).get_content()

    def test_the_same_letter_sent_again_says_that_it_is_the_same(self, office):
        ids = [self.postman(office).deliver(a_letter(key)) for key in ("hello:1", "hello:1", "hello:2")]
        assert ids[0] == ids[1] != ids[2]

    @pytest.mark.parametrize(("answer", "fault"), [("550 nobody here", PostRefused), ("450 full", PostUnreachable)])
    def test_a_refusal_is_for_good_or_for_now(self, office, answer, fault):
        office.refusal = answer
        with pytest.raises(fault):
            self.postman(office).deliver(a_letter())

    def test_a_post_office_that_is_shut_is_unreachable(self, office):
        office.shut()
        with pytest.raises(PostUnreachable):
            self.postman(office).deliver(a_letter())

    def test_it_signs_in_behind_tls_with_a_certificate_that_is_trusted(self, tmp_path, monkeypatch):
        certificate, key = tmp_path / "post.pem", tmp_path / "post.key"
        write_certificate(certificate, key)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        with post_office(certificate=context) as office:
            who = f"{quote(USER)}:{quote(PASSWORD, safe='')}@"
            url = f"smtp+tls://{who}localhost:{office.port}"
            postman = SmtpPostman(url, sender="hello@shop.example", timeout=2)
            with pytest.raises(PostUnreachable):
                postman.deliver(a_letter())
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            postman.deliver(a_letter())
            with pytest.raises(PostUnreachable):
                SmtpPostman(url.replace(who, "eve:guess@"), sender="a@shop.example", timeout=5).deliver(a_letter())
        assert office.arrived == ["maya@home.example"]

    @pytest.mark.django_db
    def test_line_breaks_in_a_name_add_nobody_to_a_letter(self, office, monkeypatch, run_waiting_jobs):
        use(monkeypatch, "mail", {"smtp": self.postman(office)})
        name = "Eve\r\nBcc: all@home.example\r\n\r\nBuy here " + "x" * 10_000
        receive_enquiry(name=name, email="eve@home.example", text="Do the snaps open with one hand?")
        ShopSettings.objects.create(valid_from=clock.now(), email="hello@shop.example")
        run_waiting_jobs()
        ((recipients, arrived),) = office.letters
        assert recipients == ["hello@shop.example"]
        assert "Bcc" not in arrived
        assert arrived["Subject"].startswith("Letter from Eve Bcc: all@home.example Buy here")

    def test_each_address_has_its_port_and_manner(self, monkeypatch):
        called = []
        monkeypatch.setattr(smtplib.SMTP, "__init__", lambda _self, host, port, **_: called.append((host, port)))
        monkeypatch.setattr(smtplib.SMTP_SSL, "__init__", lambda _self, host, port, **_: called.append((host, port)))
        monkeypatch.setattr(smtplib.SMTP, "starttls", lambda _self, **_: called.append("starttls"))
        for url in ("smtp://a.example", "smtp+tls://b.example", "smtps://c.example:4465"):
            SmtpPostman(url, sender="a@b.example")._connection()
        assert called == [("a.example", 25), ("b.example", 587), "starttls", ("c.example", 4465)]
