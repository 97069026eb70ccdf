"""SendGrid: letters handed over as its specification says, and what it tells of them afterwards."""

import base64
import json
from datetime import UTC, datetime

import pytest

from kidspetite.foundation.notifications import operations
from kidspetite.foundation.notifications.errors import NewsRefused, PostRefused, PostUnreachable
from kidspetite.foundation.notifications.models import Message, PostEvent, Suppression
from kidspetite.foundation.notifications.providers.sendgrid import SendGridPostman
from kidspetite.foundation.notifications.types import Letter, News
from kidspetite.foundation.plumbing.models import InboxEntry
from tests.fakes.contract import SPECS
from tests.fakes.sendgrid import KEY, FakeSendGrid, fake_sendgrid
from tests.fakes.wired import use

DOOR = "/api/webhooks/sendgrid"


@pytest.fixture(scope="module")
def server():
    with fake_sendgrid(slow_seconds=1.0) as fake:
        yield fake


@pytest.fixture
def sendgrid(server: FakeSendGrid):
    server.mood = ""
    server.taken.clear()
    server.judge.problems.clear()
    yield server
    assert server.judge.problems == []


@pytest.fixture
def postman(sendgrid, monkeypatch):
    made = a_postman(sendgrid)
    use(monkeypatch, "mail", {"sendgrid": made})
    return made


def a_postman(fake: FakeSendGrid, *, key: str = KEY, timeout: float = 5.0) -> SendGridPostman:
    return SendGridPostman(
        key=key, api_base=fake.url, sender="Kids Petite <hello@shop.example>", public_key=fake.public_key,
        timeout=timeout,
    )  # fmt: skip


def a_letter(key: str = "hello:1", **changes: str) -> Letter:
    facts = {
        "kind": "hello",
        "to": "maya@home.example",
        "subject": "Hello",
        "text": "Good day.",
        "html": "<p>Good day.",
    }
    return Letter(key=key, **(facts | changes))


class TestHandingOver:
    def test_a_letter_goes_as_the_specification_says(self, sendgrid):
        assert a_postman(sendgrid).deliver(a_letter()) == "sent-1"
        (mail,) = sendgrid.taken
        assert mail["personalizations"][0]["to"] == [{"email": "maya@home.example"}]
        assert mail["from"] == {"email": "hello@shop.example", "name": "Kids Petite"}
        assert [part["type"] for part in mail["content"]] == ["text/plain", "text/html"]
        assert mail["tracking_settings"]["open_tracking"] == {"enable": False}

    def test_a_letter_without_html_is_text_only(self, sendgrid):
        a_postman(sendgrid).deliver(a_letter(html=""))
        assert [part["type"] for part in sendgrid.taken[0]["content"]] == ["text/plain"]

    @pytest.mark.parametrize(("mood", "fault"), [
        ("429", PostUnreachable), ("500", PostUnreachable), ("503", PostUnreachable), ("lost", PostUnreachable),
        ("400", PostRefused), ("413", PostRefused),
    ])  # fmt: skip
    def test_an_answer_decides_whether_to_try_again(self, sendgrid, mood, fault):
        sendgrid.mood = mood
        with pytest.raises(fault):
            a_postman(sendgrid).deliver(a_letter())

    def test_keys_that_are_refused_lose_no_letter(self, sendgrid):
        with pytest.raises(PostUnreachable):
            a_postman(sendgrid, key="SG.old").deliver(a_letter())
        assert sendgrid.taken == []

    @pytest.mark.slow
    def test_a_slow_answer_is_given_up(self, sendgrid):
        sendgrid.mood = "slow"
        with pytest.raises(PostUnreachable):
            a_postman(sendgrid, timeout=0.3).deliver(a_letter())

    def test_the_reason_of_a_refusal_is_kept(self, sendgrid):
        sendgrid.mood = "400"
        with pytest.raises(PostRefused) as refusal:
            a_postman(sendgrid).deliver(a_letter())
        assert "valid address" in refusal.value.facts["answer"]


@pytest.mark.django_db
class TestNews:
    def tell(self, client, fake, *events):
        body, headers = fake.delivery(*events)
        return client.post(DOOR, body, content_type="application/json", headers=headers)

    def sent(self, run_waiting_jobs, **changes) -> Message:
        message = operations.send_message(a_letter(**changes))
        run_waiting_jobs()
        message.refresh_from_db()
        assert (message.status, message.provider_id) == ("sent", "sent-1")
        return message

    def test_a_delivery_stands_in_the_letters_history(self, client, postman, sendgrid, run_waiting_jobs):
        message = self.sent(run_waiting_jobs)
        assert self.tell(client, sendgrid, sendgrid.event("delivered", message.key)).status_code == 200
        run_waiting_jobs()
        assert list(message.events.values_list("news", flat=True)) == [News.DELIVERED]

    def test_told_five_times_it_stands_there_once(self, client, postman, sendgrid, run_waiting_jobs):
        message = self.sent(run_waiting_jobs)
        for _ in range(5):
            self.tell(client, sendgrid, sendgrid.event("delivered", message.key))
        run_waiting_jobs()
        assert message.events.count() == 1

    def test_events_of_one_delivery_come_in_any_order(self, client, postman, sendgrid, run_waiting_jobs):
        message = self.sent(run_waiting_jobs)
        late, early = (sendgrid.event(kind, message.key, timestamp=stamp)
                       for kind, stamp in (("delivered", 1_800_000_009), ("processed", 1_800_000_001)))  # fmt: skip
        self.tell(client, sendgrid, late, early)
        run_waiting_jobs()
        assert list(message.events.values_list("news", flat=True)) == [News.ACCEPTED, News.DELIVERED]

    def test_after_a_bounce_no_letter_goes_there(self, client, postman, sendgrid, run_waiting_jobs):
        message = self.sent(run_waiting_jobs, to="Gone@home.example")
        told = sendgrid.event("bounce", message.key, to="gone@home.example", type="bounce", reason="550 no such user")
        self.tell(client, sendgrid, told)
        run_waiting_jobs()
        next_one = operations.send_message(a_letter("hello:2", to="gone@home.example"))
        run_waiting_jobs()
        next_one.refresh_from_db()
        assert (next_one.status, len(sendgrid.taken)) == ("withdrawn", 1)
        assert "bounced" in next_one.error
        assert Suppression.objects.get().words == "550 no such user"

    @pytest.mark.parametrize(("kind", "more"), [("bounce", {"type": "blocked"}), ("dropped", {}), ("deferred", {})])
    def test_a_door_that_is_shut_today_may_open_tomorrow(self, client, postman, sendgrid, run_waiting_jobs, kind, more):
        message = self.sent(run_waiting_jobs)
        self.tell(client, sendgrid, sendgrid.event(kind, message.key, **more))
        run_waiting_jobs()
        assert message.events.count() == 1
        assert not Suppression.objects.exists()

    def test_a_complaint_is_kept_and_stops_no_order_letter(self, client, postman, sendgrid, run_waiting_jobs):
        message = self.sent(run_waiting_jobs)
        self.tell(client, sendgrid, sendgrid.event("spamreport", message.key))
        run_waiting_jobs()
        assert Suppression.objects.get().cause == Suppression.Cause.COMPLAINED
        operations.send_message(a_letter("hello:2"))
        run_waiting_jobs()
        assert len(sendgrid.taken) == 2

    def test_a_letter_whose_answer_was_lost_is_not_sent_twice(self, client, postman, sendgrid, run_waiting_jobs):
        message = operations.send_message(a_letter())
        sendgrid.mood = "lost"
        with pytest.raises(PostUnreachable):
            operations.deliver(message.pk)
        sendgrid.mood = ""
        self.tell(client, sendgrid, sendgrid.event("processed", message.key))
        entry = InboxEntry.objects.get()
        operations.hear_news(entry.pk)
        operations.deliver(message.pk)
        message.refresh_from_db()
        assert (message.status, len(sendgrid.taken)) == ("sent", 1)

    def test_opens_clicks_and_other_shops_letters_change_nothing(self, client, postman, sendgrid, run_waiting_jobs):
        self.sent(run_waiting_jobs)
        strange = [sendgrid.event("open", "hello:1"), sendgrid.event("click", "hello:1"), {"event": "invented"},
                   sendgrid.event("delivered", "another-shop:7")]  # fmt: skip
        assert self.tell(client, sendgrid, *strange).status_code == 200
        run_waiting_jobs()
        assert not PostEvent.objects.exists()

    def test_what_sendgrid_did_not_sign_is_refused_whole(self, client, postman, sendgrid):
        body, headers = sendgrid.delivery(sendgrid.event("bounce", "hello:1"))
        forged = [
            (body.replace(b"maya@", b"noah@"), headers),
            (body, headers | {"X-Twilio-Email-Event-Webhook-Timestamp": "1"}),
            (body, headers | {"X-Twilio-Email-Event-Webhook-Signature": "bm90aGluZw=="}),
            (body, {}),
        ]
        answers = [client.post(DOOR, told, content_type="application/json", headers=by) for told, by in forged]
        assert [answer.status_code for answer in answers] == [400] * 4
        assert not InboxEntry.objects.exists()

    @pytest.mark.parametrize("body", [b"{}", b"[1]", b"nothing", b'[{"event": ["bounce"]}]'])
    def test_signed_nonsense_harms_nobody(self, client, postman, sendgrid, monkeypatch, body):
        monkeypatch.setattr("kidspetite.foundation.notifications.providers.sendgrid._check_signature", lambda *_: None)
        assert client.post(DOOR, body, content_type="application/json").status_code in (200, 400)
        assert not InboxEntry.objects.exists()

    def test_the_door_is_shut_while_sendgrid_is_off(self, client, sendgrid):
        assert self.tell(client, sendgrid, sendgrid.event("delivered", "hello:1")).status_code == 400


def test_sendgrids_own_vector_verifies():
    told = json.loads((SPECS / "signature_vectors.json").read_text())["sendgrid_event_webhook"]
    postman = SendGridPostman(
        key=KEY, api_base="http://127.0.0.1:9", sender="a@shop.example", public_key=told["public_key_b64_der"]
    )
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": told["signature"],
        "X-Twilio-Email-Event-Webhook-Timestamp": told["timestamp"],
    }
    (note,) = postman.opened(told["payload"].encode(), headers)
    assert (note.news, note.words) == (News.REFUSED, "Bounced Address")
    assert note.at == datetime.fromtimestamp(1600112492, UTC)
    assert base64.b64decode(told["signature"])
    with pytest.raises(NewsRefused):
        postman.opened(told["payload"].strip().encode(), headers)
