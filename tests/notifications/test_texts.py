"""Texts: only to phones that said yes, by day, within the day's limits, once; and STOP is for good."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.notifications import operations, queries
from kidspetite.foundation.notifications.errors import NotAPhone, PostUnreachable, TextUnanswered, TooManyNumbers
from kidspetite.foundation.notifications.models import Answer, Consent, Message, Suppression, TextDay
from kidspetite.foundation.notifications.operations import texting
from kidspetite.foundation.notifications.providers.outbox import Outbox, TextOutbox
from kidspetite.foundation.notifications.rules import still_wanted
from kidspetite.foundation.notifications.types import Letter, Said, Text, TextAnswer, TextState, Topic, Wish

pytestmark = pytest.mark.django_db

PHONE, PLACE = "+12125550123", "10001"
NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
EVENING = datetime(2026, 12, 2, 3, tzinfo=UTC)  # ten at night in New York


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=True):
        yield


def a_text(key: str = "text:1", **changes: str) -> Text:
    facts = {"kind": "hello", "to": PHONE, "words": "Good day.", "subject_key": "order:KP-1", "place": PLACE}
    return Text(key=key, **(facts | changes))


def answers(words: str, said: Said, number: str = PHONE, sid: str = "") -> None:
    operations.hear_answer(TextAnswer(sid or f"SM{words}{Answer.objects.count()}", number, said, words))


def says_yes(number: str = PHONE) -> None:
    operations.set_consent(Wish(number, Topic.ORDER_TEXTS), wanted=True, source="checkout")


def states() -> dict[str, str]:
    """What became of the messages that a test sent; questions and welcomes aside."""
    sent = Message.objects.exclude(kind__startswith="texts-")
    return dict(sent.order_by("pk").values_list("key", "status"))


class TestConsent:
    def test_nobody_is_texted_who_did_not_ask(self, run_waiting_jobs):
        message = operations.send_message(a_text())
        run_waiting_jobs()
        message.refresh_from_db()
        assert (message.status, message.channel) == ("withdrawn", "text")

    def test_a_text_waits_for_the_yes_and_then_leaves(self, run_waiting_jobs):
        assert accounts.ask_for_texts("(212) 555-0123", source="checkout", place=PLACE) is TextState.ASKED
        message = operations.send_message(a_text())
        run_waiting_jobs()
        question = Message.objects.get(kind="texts-question")
        assert (question.status, question.to, question.segments) == ("sent", PHONE, 1)
        assert all(word in question.text for word in ("Reply YES", "rates may apply", "HELP", "STOP", "Kids Petite"))
        message.refresh_from_db()
        assert (message.status, message.not_before) == ("queued", message.created_at + timedelta(days=1))
        answers("Yes!", Said.YES)
        run_waiting_jobs()
        message.refresh_from_db()
        assert message.status == "sent"
        assert Message.objects.get(kind="texts-welcome").status == "sent"
        assert queries.text_state(PHONE) is TextState.GIVEN

    def test_a_text_whose_question_stays_open_is_dropped_after_a_day(self, run_waiting_jobs):
        accounts.ask_for_texts(PHONE, source="checkout")
        operations.send_message(a_text())
        run_waiting_jobs()
        with time_machine.travel(NOON + timedelta(days=1, minutes=1), tick=True):
            operations.deliver_waiting()
        assert states()["text:1"] == "withdrawn"

    def test_a_phone_is_asked_once_a_day_however_often_its_number_is_typed(self, run_waiting_jobs):
        for _again in range(3):
            accounts.ask_for_texts(PHONE, source="checkout")
        run_waiting_jobs()
        assert Message.objects.count() == 1

    def test_whoever_said_yes_is_not_asked_again(self):
        says_yes()
        assert accounts.ask_for_texts(PHONE, source="checkout") is TextState.GIVEN
        assert not Message.objects.exists()

    def test_a_yes_to_nothing_signs_nobody_up(self):
        answers("YES", Said.YES)
        assert queries.text_state(PHONE) is TextState.NONE

    @pytest.mark.parametrize("to", ["", "12", "+442079460000", "8005550123", "+4915112345678"])
    def test_it_goes_to_phones_of_countries_that_were_named(self, to):
        with pytest.raises(NotAPhone):
            operations.send_message(a_text(to=to))
        with pytest.raises(NotAPhone):
            operations.ask_texts(to, source="checkout")

    def test_one_account_asks_five_numbers_a_day(self):
        for last in range(5):
            operations.ask_texts(f"+1212555010{last}", source="user:7")
        with pytest.raises(TooManyNumbers):
            operations.ask_texts(PHONE, source="user:7")
        operations.ask_texts("+12125550100", source="user:7")
        operations.ask_texts(PHONE, source="user:8")


class TestStop:
    def test_stop_takes_back_what_waits_and_holds_for_good(self, run_waiting_jobs):
        says_yes()
        operations.send_message(a_text())
        answers("Stop", Said.STOP)
        run_waiting_jobs()
        operations.send_message(a_text("text:2"))
        run_waiting_jobs()
        assert states() == {"text:1": "withdrawn", "text:2": "withdrawn"}
        assert accounts.ask_for_texts(PHONE, source="checkout") is TextState.STOPPED
        assert not Message.objects.filter(kind="texts-question").exists()

    def test_start_opens_it_again(self, run_waiting_jobs):
        says_yes()
        answers("STOP", Said.STOP)
        answers("START", Said.YES)
        operations.send_message(a_text())
        run_waiting_jobs()
        assert states()["text:1"] == "sent"
        assert not Suppression.objects.exists()

    def test_an_old_start_told_again_undoes_no_stop(self):
        says_yes()
        answers("START", Said.YES, sid="SMold")
        answers("STOP", Said.STOP)
        answers("START", Said.YES, sid="SMold")
        assert queries.text_state(PHONE) is TextState.STOPPED

    def test_help_and_chatter_change_nothing_and_are_kept(self):
        says_yes()
        answers("HELP", Said.HELP)
        answers("where is my parcel?", Said.OTHER)
        assert queries.text_state(PHONE) is TextState.GIVEN
        assert [row.said for row in Answer.objects.order_by("pk")] == ["help", "other"]

    def test_settings_end_texts_and_may_ask_again(self, run_waiting_jobs):
        says_yes()
        operations.send_message(a_text())
        operations.end_texts("212 555 0123", source="settings")
        run_waiting_jobs()
        assert states() == {"text:1": "withdrawn"}
        assert accounts.ask_for_texts(PHONE, source="user:1") is TextState.ASKED


class TestAtTheMomentOfSending:
    def test_nobody_is_texted_at_night(self, run_waiting_jobs):
        says_yes()
        with time_machine.travel(EVENING, tick=True):
            message = operations.send_message(a_text())
            run_waiting_jobs()
            message.refresh_from_db()
            assert (message.status, message.attempts) == ("queued", 1)
            assert message.not_before == datetime(2026, 12, 2, 13, tzinfo=UTC)
            operations.deliver(message.pk)
            assert operations.deliver_waiting() == 0
        with time_machine.travel(datetime(2026, 12, 2, 13, 1, tzinfo=UTC), tick=True):
            assert operations.deliver_waiting() == 1
        message.refresh_from_db()
        assert (message.status, message.attempts) == ("sent", 2)

    @pytest.mark.parametrize(("to", "place", "status"), [
        (PHONE, "", "queued"),  # by its area code New York
        (PHONE, "96801", "sent"),  # Honolulu, five in the afternoon
        ("+18085550123", "", "sent"),
        ("+18085550123", "NY", "queued"),
    ])  # fmt: skip
    def test_the_place_says_whose_night_it_is_else_the_area_code(self, run_waiting_jobs, to, place, status):
        says_yes(to)
        with time_machine.travel(EVENING, tick=True):
            operations.send_message(a_text(to=to, place=place))
            run_waiting_jobs()
        assert states()["text:1"] == status

    def test_the_room_is_asked_whether_it_is_still_wanted(self, run_waiting_jobs):
        asked = []
        still_wanted("tests.text_refuses")(lambda subject: bool(asked.append(subject)))
        says_yes()
        operations.send_message(a_text(guard="tests.text_refuses"))
        run_waiting_jobs()
        assert (asked, states()) == (["order:KP-1"], {"text:1": "withdrawn"})

    def test_what_nobody_could_send_for_a_day_is_no_news_any_more(self, monkeypatch):
        says_yes()
        message = operations.send_message(a_text())
        with time_machine.travel(NOON + timedelta(days=1, minutes=1), tick=True):
            operations.deliver(message.pk)
        assert states()["text:1"] == "withdrawn"

    def test_a_provider_that_is_down_does_not_hold_up_the_other(self, monkeypatch):
        says_yes()
        operations.send_message(a_text())
        operations.send_message(a_text("text:2"))
        operations.send_message(Letter("letter:1", "hello", "maya@home.example", "Hello", "Good day."))

        def down(_self, _text):
            raise TextUnanswered(answer="503")

        monkeypatch.setattr(TextOutbox, "deliver", down)
        with time_machine.travel(NOON + timedelta(minutes=11), tick=True):
            operations.deliver_waiting()
        assert states() == {"text:1": "queued", "text:2": "queued", "letter:1": "sent"}
        attempts = dict(Message.objects.values_list("key", "attempts"))
        assert (attempts["text:1"], attempts["text:2"]) == (1, 0)

    def test_and_neither_does_a_dead_post_hold_up_texts(self, monkeypatch):
        says_yes()
        operations.send_message(Letter("letter:1", "hello", "maya@home.example", "Hello", "Good day."))
        operations.send_message(a_text())

        def down(_self, _letter):
            raise PostUnreachable(answer="421")

        monkeypatch.setattr(Outbox, "deliver", down)
        with time_machine.travel(NOON + timedelta(minutes=11), tick=True):
            operations.deliver_waiting()
        assert states() == {"letter:1": "queued", "text:1": "sent"}


class TestLimits:
    def send(self, run_waiting_jobs, count: int, **changes: str) -> list[str]:
        for number in range(count):
            operations.send_message(a_text(f"text:{number}", **changes))
        run_waiting_jobs()
        return list(states().values())

    def test_one_number_gets_so_many_a_day(self, run_waiting_jobs, settings):
        settings.SMS_DAILY_PER_NUMBER = 2
        says_yes()
        assert self.send(run_waiting_jobs, 3) == ["sent", "sent", "withdrawn"]
        assert "enough texts" in Message.objects.get(key="text:2").error

    def test_a_country_gets_so_many_segments_a_day(self, run_waiting_jobs, settings):
        settings.SMS_COUNTRIES = {"US": 5}
        says_yes()
        assert self.send(run_waiting_jobs, 3, words="a" * 161) == ["sent", "sent", "withdrawn"]
        assert dict(TextDay.objects.values_list("scope", "used")) == {PHONE: 2, "US": 4, "all": 4}

    def test_a_country_that_is_named_no_more_gets_none(self, run_waiting_jobs, settings):
        says_yes()
        operations.send_message(a_text())
        settings.SMS_COUNTRIES = {"PR": 5}
        run_waiting_jobs()
        assert states() == {"text:1": "withdrawn"}

    def test_past_the_days_budget_they_wait_for_the_next_day(self, run_waiting_jobs, settings):
        settings.SMS_DAILY_SEGMENTS = 1
        says_yes()
        assert self.send(run_waiting_jobs, 2) == ["sent", "queued"]
        assert Message.objects.get(key="text:1").not_before == datetime(2026, 12, 2, tzinfo=UTC)
        with time_machine.travel(datetime(2026, 12, 2, 0, 1, tzinfo=UTC), tick=True):  # seven in the evening
            assert operations.deliver_waiting() == 1
        assert states()["text:1"] == "sent"

    def test_a_text_that_is_tried_again_counts_once(self, monkeypatch, run_waiting_jobs):
        says_yes()
        message = operations.send_message(a_text())

        def silent(_self, _text):
            raise TextUnanswered(answer="ReadTimeout")

        with monkeypatch.context() as patch:
            patch.setattr(TextOutbox, "deliver", silent)
            for _again in range(2):
                with pytest.raises(TextUnanswered):
                    operations.deliver(message.pk)
        operations.deliver(message.pk)
        assert states() == {"text:1": "sent"}
        assert TextDay.objects.get(scope="all").used == 1

    def test_nothing_is_counted_that_does_not_leave(self, settings):
        settings.SMS_DAILY_SEGMENTS = 0
        says_yes()
        message = operations.send_message(a_text())
        assert texting.book(message) is not None
        assert {row.used for row in TextDay.objects.all()} <= {0}


def test_no_phone_number_reaches_a_log():
    from kidspetite.config.logs import without_personal_data

    event = {"event": f"call to {PHONE} failed", "url": "https://api.example/Messages.json?To=%2B12125550123",
             "phone": PHONE, "note": "(212) 555-0123", "said": "212-555-0123", "order_id": 2125550123, "ms": "1234567",
             "at": "2026-12-01T17:00:00.123456Z", "job": "job 12345678901"}  # fmt: skip
    told = json.dumps(without_personal_data(logging.getLogger(), "info", dict(event)))
    assert "5550123" not in told.replace(str(event["order_id"]), "")
    assert "555-0123" not in told
    assert all(kept in told for kept in ("1234567", "2026-12-01T17:00:00.123456Z", "call to"))


def test_a_yes_is_remembered_with_its_moment():
    operations.ask_texts(PHONE, source="checkout")
    answers("YES", Said.YES)
    row = Consent.objects.get()
    assert (row.address, row.topic, row.status, row.source) == (PHONE, "order_texts", "given", "checkout")
    assert row.given_at
