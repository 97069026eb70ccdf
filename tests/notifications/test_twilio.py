"""Twilio: texts handed over as its specification says, once; and what it tells of them and of phones that answer."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine

from kidspetite.foundation.notifications import operations, queries
from kidspetite.foundation.notifications.errors import (
    NewsRefused,
    NumberGetsNoTexts,
    NumberStopped,
    TextRefused,
    TextUnanswered,
)
from kidspetite.foundation.notifications.models import Answer, Message, PostEvent, Suppression
from kidspetite.foundation.notifications.providers.twilio import TwilioTexter, check_signature
from kidspetite.foundation.notifications.types import News, Text, TextState, Topic, Wish
from kidspetite.foundation.plumbing.models import InboxEntry
from tests.fakes.contract import SPECS
from tests.fakes.twilio import ACCOUNT, PHONE, SENDER, TOKEN, FakeTwilio, fake_twilio, signed
from tests.fakes.wired import use

DOOR = "/api/webhooks/twilio"
SHOP = "https://shop.example"
URL = f"{SHOP}{DOOR}"
NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)


@pytest.fixture(scope="module")
def server():
    with fake_twilio(slow_seconds=1.0) as fake:
        yield fake


@pytest.fixture
def twilio(server: FakeTwilio, settings):
    settings.BASE_URL = SHOP
    server.reset()
    with time_machine.travel(NOON, tick=True):
        yield server
    assert server.judge.problems == []


@pytest.fixture
def texter(twilio, monkeypatch):
    made = a_texter(twilio)
    use(monkeypatch, "texts", {"twilio": made})
    return made


def a_texter(fake: FakeTwilio, *, token: str = TOKEN, sender: str = SENDER, timeout: float = 5.0) -> TwilioTexter:
    return TwilioTexter(
        account=ACCOUNT, token=token, sender=sender, api_base=fake.url, callback=URL, timeout=timeout
    )  # fmt: skip


def a_text(key: str = "text:KP-1", **changes: str) -> Text:
    return Text(**({"key": key, "kind": "hello", "to": PHONE, "words": f"Good day, {key}.", "place": "NY"} | changes))


def says_yes(number: str = PHONE) -> None:
    operations.set_consent(Wish(number, Topic.ORDER_TEXTS), wanted=True, source="checkout")


def tell(client, told: tuple[str, dict[str, str]], *, query: str = ""):
    body, headers = told
    kind = "application/x-www-form-urlencoded"
    return client.post(f"{DOOR}{query}", body, content_type=kind, headers=headers)


class TestHandingOver:
    def test_a_text_goes_as_the_specification_says(self, twilio):
        sid = a_texter(twilio).deliver(a_text())
        (form,) = twilio.taken
        assert (form["To"], form["From"], form["Body"]) == (PHONE, SENDER, "Good day, text:KP-1.")
        assert form["StatusCallback"] == f"{URL}?text=text%3AKP-1"
        assert sid == twilio.ledger[0]["sid"]
        assert twilio.judge.judged or not (SPECS / "twilio.json").exists()

    def test_a_messaging_service_may_be_the_sender(self, twilio):
        a_texter(twilio, sender="MG" + "1" * 32).deliver(a_text())
        assert twilio.taken[0]["MessagingServiceSid"] == "MG" + "1" * 32

    @pytest.mark.parametrize(("mood", "fault"), [
        ("429", TextUnanswered), ("500", TextUnanswered), ("503", TextUnanswered), ("lost", TextUnanswered),
        ("21611", TextUnanswered), ("21606", TextUnanswered), ("21610", NumberStopped), ("21211", NumberGetsNoTexts),
        ("21614", NumberGetsNoTexts), ("21408", TextRefused), ("21612", TextRefused), ("99999", TextRefused),
    ])  # fmt: skip
    def test_an_answer_decides_whether_to_try_again(self, twilio, mood, fault):
        twilio.mood = mood
        with pytest.raises(fault):
            a_texter(twilio).deliver(a_text())

    @pytest.mark.parametrize(("to", "fault"), [
        ("+15005550001", NumberGetsNoTexts), ("+15005550002", TextRefused), ("+15005550003", TextRefused),
        ("+15005550004", NumberStopped), ("+15005550009", NumberGetsNoTexts),
    ])  # fmt: skip
    def test_twilios_numbers_for_trials_say_what_they_should(self, twilio, to, fault):
        with pytest.raises(fault):
            a_texter(twilio).deliver(a_text(to=to))

    def test_a_token_that_is_refused_loses_no_text(self, twilio):
        with pytest.raises(TextUnanswered):
            a_texter(twilio, token="old").deliver(a_text())
        assert twilio.taken == []

    @pytest.mark.slow
    def test_a_slow_answer_is_given_up(self, twilio):
        twilio.mood = "slow"
        with pytest.raises(TextUnanswered):
            a_texter(twilio, timeout=0.3).deliver(a_text())

    def test_nobody_there_is_unanswered_and_names_no_number(self):
        nowhere = TwilioTexter(account=ACCOUNT, token=TOKEN, sender=SENDER, api_base="http://127.0.0.1:9")
        for call in (nowhere.deliver, lambda text: nowhere.taken(text, since=NOON)):
            with pytest.raises(TextUnanswered) as fault:
                call(a_text())
            assert "5550123" not in f"{fault.value!r} {fault.value.facts} {fault.value.__cause__!r}"

    def test_it_knows_what_it_has_taken(self, twilio):
        texter, text = a_texter(twilio), a_text()
        sid = texter.deliver(text)
        now = datetime.now(UTC)
        assert texter.taken(text, since=now) == sid
        assert texter.taken(a_text("text:KP-2"), since=now) is None, "other words"
        assert texter.taken(a_text(to="+12125550199"), since=now) is None, "another phone"
        assert texter.taken(text, since=now + timedelta(minutes=5)) is None, "an older one"


@pytest.mark.django_db
class TestOnce:
    def test_a_text_whose_answer_was_lost_is_found_again_instead_of_sent_again(self, texter, twilio):
        says_yes()
        message = operations.send_message(a_text())
        twilio.mood = "lost"
        with pytest.raises(TextUnanswered):
            operations.deliver(message.pk)
        twilio.mood = ""
        operations.deliver(message.pk)
        message.refresh_from_db()
        assert (message.status, message.provider_id) == ("sent", twilio.ledger[0]["sid"])
        assert (len(twilio.taken), twilio.asked) == (1, ["POST", "GET"])

    def test_one_that_never_arrived_is_sent(self, texter, twilio):
        says_yes()
        message = operations.send_message(a_text())
        twilio.mood = "500"
        for _again in range(3):
            with pytest.raises(TextUnanswered):
                operations.deliver(message.pk)
        twilio.mood = ""
        operations.deliver(message.pk)
        message.refresh_from_db()
        assert (message.status, message.attempts, len(twilio.taken)) == ("sent", 4, 1)

    def test_a_callback_that_names_our_key_says_that_it_has_left(self, client, texter, twilio, run_waiting_jobs):
        says_yes()
        message = operations.send_message(a_text())
        twilio.mood = "lost"
        with pytest.raises(TextUnanswered):
            operations.deliver(message.pk)
        query = "?text=text%3AKP-1"
        told = twilio.status(twilio.ledger[0]["sid"], "sent", url=URL + query)
        assert tell(client, told, query=query).status_code == 200
        operations.hear_text_news(InboxEntry.objects.get().pk)
        message.refresh_from_db()
        assert (message.status, message.provider_id) == ("sent", twilio.ledger[0]["sid"])

    def test_too_many_at_once_wait_as_long_as_twilio_asks(self, texter, twilio):
        says_yes()
        message = operations.send_message(a_text())
        twilio.mood = "429"
        with pytest.raises(TextUnanswered):
            operations.deliver(message.pk)
        message.refresh_from_db()
        assert timedelta(seconds=85) < message.not_before - datetime.now(UTC) <= timedelta(seconds=90)
        twilio.mood = ""
        operations.deliver(message.pk)
        assert len(twilio.asked) == 1

    @pytest.mark.parametrize(("mood", "state"), [
        ("21610", TextState.STOPPED), ("21614", TextState.NO_TEXTS), ("21612", TextState.GIVEN)
    ])  # fmt: skip
    def test_what_twilio_knows_of_a_phone_holds_here_too(self, texter, twilio, run_waiting_jobs, mood, state):
        says_yes()
        twilio.mood = mood
        message = operations.send_message(a_text())
        run_waiting_jobs()
        message.refresh_from_db()
        assert (message.status, queries.text_state(PHONE)) == ("failed", state)
        assert "5550123" not in message.error

    def test_an_hour_without_twilio_loses_nothing_and_doubles_nothing(self, texter, twilio):
        says_yes()
        twilio.mood = "503"
        for number in range(20):
            operations.send_message(a_text(f"text:{number}", to=f"+121255501{number:02}"))
            says_yes(f"+121255501{number:02}")
        for minute in range(11, 61, 5):
            with time_machine.travel(NOON + timedelta(minutes=minute), tick=True):
                operations.deliver_waiting()
        twilio.mood = ""
        with time_machine.travel(NOON + timedelta(minutes=66), tick=True):
            operations.deliver_waiting()
        assert len({form["To"] for form in twilio.taken}) == len(twilio.taken) == 20
        assert set(Message.objects.values_list("status", flat=True)) == {"sent"}


@pytest.mark.django_db
class TestNews:
    def sent(self, run_waiting_jobs) -> Message:
        says_yes()
        message = operations.send_message(a_text())
        run_waiting_jobs()
        message.refresh_from_db()
        assert message.status == "sent"
        return message

    def test_what_became_of_a_text_stands_in_its_history_in_any_order(self, client, texter, twilio, run_waiting_jobs):
        message = self.sent(run_waiting_jobs)
        for status in ("delivered", "sent", "queued", "delivered"):
            answer = tell(client, twilio.status(message.provider_id, status, url=URL))
            assert (answer.status_code, answer.content) == (200, b"<Response/>")
        run_waiting_jobs()
        assert sorted(message.events.values_list("news", "words")) == [
            (News.ACCEPTED, "queued"), (News.ACCEPTED, "sent"), (News.DELIVERED, "delivered"),
        ]  # fmt: skip
        message.refresh_from_db()
        assert message.status == "sent"

    @pytest.mark.parametrize(("code", "state"), [
        ("30006", TextState.NO_TEXTS), ("30005", TextState.NO_TEXTS), ("21610", TextState.STOPPED),
        ("30003", TextState.GIVEN), ("30007", TextState.GIVEN), ("", TextState.GIVEN), ("9" * 300, TextState.GIVEN),
    ])  # fmt: skip
    def test_a_text_that_never_arrives_may_close_the_number(
        self, client, texter, twilio, run_waiting_jobs, code, state
    ):
        message = self.sent(run_waiting_jobs)
        tell(client, twilio.status(message.provider_id, "undelivered", url=URL, ErrorCode=code))
        run_waiting_jobs()
        assert queries.text_state(PHONE) is state
        assert message.events.get().words.startswith("undelivered")

    def test_answers_are_heard_once(self, client, texter, twilio, run_waiting_jobs):
        operations.ask_texts(PHONE, source="checkout")
        for _again in range(3):
            assert tell(client, twilio.answer("Yes", url=URL)).content == b"<Response/>"
        run_waiting_jobs()
        assert queries.text_state(PHONE) is TextState.GIVEN
        assert Answer.objects.count() == InboxEntry.objects.filter(kind="answer").count() == 1

    def test_twilio_may_say_itself_what_was_meant(self, client, texter, twilio, run_waiting_jobs):
        says_yes()
        tell(client, twilio.answer("BASTA", url=URL, OptOutType="STOP"))
        run_waiting_jobs()
        assert Suppression.objects.get().cause == Suppression.Cause.STOPPED

    def test_a_replay_that_outlives_the_inbox_undoes_no_stop(self, client, texter, twilio, run_waiting_jobs):
        says_yes()
        start = twilio.answer("START", url=URL, sid="SM" + "1" * 32)
        for told in (start, twilio.answer("STOP", url=URL, sid="SM" + "2" * 32)):
            tell(client, told)
            run_waiting_jobs()
        InboxEntry.objects.all().delete()
        tell(client, start)
        run_waiting_jobs()
        assert queries.text_state(PHONE) is TextState.STOPPED

    def test_news_of_another_shops_text_changes_nothing(self, client, texter, twilio, run_waiting_jobs):
        self.sent(run_waiting_jobs)
        assert tell(client, twilio.status("SM" + "f" * 32, "delivered", url=URL)).status_code == 200
        run_waiting_jobs()
        assert not PostEvent.objects.exists()

    def test_what_twilio_did_not_sign_is_refused(self, client, texter, twilio):
        body, headers = twilio.answer("START", url=URL)
        forged = [
            (body.replace("2125550123", "2125550199"), headers),
            (body + "&Extra=1", headers),
            (body, {}),
            (body, {"X-Twilio-Signature": "bm90aGluZw=="}),
            (body, {"X-Twilio-Signature": "€"}),
            twilio.answer("START", url="https://other.example/api/webhooks/twilio"),
            signed(URL, {"AccountSid": "AC" + "6" * 32, "MessageSid": "SM1", "From": PHONE, "Body": "START"}),
            signed(URL, {"AccountSid": ACCOUNT, "MessageSid": "SM1", "From": PHONE, "Body": "START"}, token="stolen"),
        ]
        assert [tell(client, told).status_code for told in forged] == [400] * len(forged)
        assert tell(client, (body, headers), query="?text=other").status_code == 400
        assert not InboxEntry.objects.exists()

    @pytest.mark.parametrize("form", [
        {}, {"MessageSid": "SM1"}, {"MessageSid": "SM1", "MessageStatus": "invented"},
        {"MessageSid": "../..", "MessageStatus": "sent"}, {"MessageSid": "S" * 65, "MessageStatus": "sent"},
        {"MessageSid": "SM1", "From": "whatsapp:+12125550123", "Body": "STOP"}, {"MessageSid": "SM1", "Body": "STOP"},
        {"MessageSid": "SM1", "From": PHONE},
    ])  # fmt: skip
    def test_signed_nonsense_is_refused(self, client, texter, twilio, form):
        assert tell(client, signed(URL, {"AccountSid": ACCOUNT, **form})).status_code == 400
        assert not InboxEntry.objects.exists()

    @pytest.mark.parametrize("body", [b"", b"%ff=%fe", b"\xff\xfe", b"&".join([b"a=1"] * 500), b'{"Body": "STOP"}'])
    def test_bodies_that_are_no_form_are_refused(self, client, texter, body):
        answer = client.post(DOOR, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400
        assert not InboxEntry.objects.exists()

    def test_strange_words_are_kept_as_far_as_they_can_be(self, client, texter, twilio, run_waiting_jobs):
        tell(client, twilio.answer("a\tb\r\n🧦" + "x" * 2000, url=URL))
        run_waiting_jobs()
        assert Answer.objects.get().words.startswith("a b  🧦x")
        assert len(Answer.objects.get().words) == 200

    def test_the_door_is_shut_while_twilio_is_off(self, client, twilio):
        assert tell(client, twilio.answer("STOP", url=URL)).status_code == 400
        assert client.get(DOOR).status_code == 405


class TestSignature:
    def vectors(self, name: str) -> dict:
        return json.loads((SPECS / "signature_vectors.json").read_text())[name]

    def test_twilios_own_vector_of_a_form_verifies(self):
        told = self.vectors("twilio_form")
        body = urlencode(told["params"]).encode()
        check_signature(told["auth_token"], told["url"], body, told["signature"])
        check_signature(told["auth_token"], told["url"].replace(".com/", ".com:443/"), body, told["signature"])
        for url, sent in ((told["url"] + "x", body), (told["url"], body + b"&a=b"), (told["url"], b"")):
            with pytest.raises(NewsRefused):
                check_signature(told["auth_token"], url, sent, told["signature"])

    def test_twilios_own_vector_of_a_json_body_verifies(self):
        told = self.vectors("twilio_json")
        check_signature(told["auth_token"], told["url"], told["body"].encode(), told["signature"])
        with pytest.raises(NewsRefused):
            check_signature(told["auth_token"], told["url"], b'{"a":2}', told["signature"])
