"""Letters that people choose: asked for, confirmed from the mailbox, ended with one click, and checked at sending."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import messages, operations, queries, rules
from kidspetite.foundation.notifications.models import Consent, Message, Suppression
from kidspetite.foundation.notifications.providers.smtp import SmtpPostman
from kidspetite.foundation.notifications.types import Letter, Letterhead, Paragraph, Sheet, Topic, Wish

pytestmark = pytest.mark.django_db

MAYA = "maya@home.example"
NEWS = Wish(MAYA, Topic.NEWSLETTER)
HEAD = Letterhead(shop_name="Kids Petite", shop_url="https://shop.example")


def ask(client, email=MAYA):
    return client.post("/newsletter", {"email": email})


def link_in_mail(path: str) -> str:
    text = Message.objects.filter(kind="newsletter-confirmation").latest("pk").text
    return re.search(rf"/{path}/\S+", text).group()


def say_yes(client) -> None:
    ask(client)
    assert "You are on the list" in client.post(link_in_mail("newsletter/confirm")).text


def a_newsletter(key: str = "newsletter:1", to: str = MAYA) -> Letter:
    sheet = Sheet(title="New on the hooks", preheader="Wool", parts=(Paragraph("Wool is here."),))
    return messages.letter(sheet, head=HEAD, key=key, kind="newsletter", to=to, subject="Wool", topic=Topic.NEWSLETTER)


class TestAsking:
    def test_nobody_is_on_the_list_before_the_mailbox_says_yes(self, client):
        assert ask(client).url == "/newsletter/asked"
        assert not queries.is_welcome(NEWS)
        assert "One click" in client.get("/newsletter/asked").text

    def test_a_click_in_the_mail_and_one_on_the_page(self, client):
        ask(client)
        link = link_in_mail("newsletter/confirm")
        assert "Shall we write to you?" in client.get(link).text
        assert not queries.is_welcome(NEWS), "a mail program that follows links gives nobody's consent"
        client.post(link)
        client.post(link)
        assert queries.is_welcome(NEWS)
        assert Consent.objects.get().source == "footer"

    def test_asked_ten_times_it_is_one_mail_a_day(self, client, time_machine):
        time_machine.move_to(clock.now(), tick=False)  # or midnight may come amid them
        for _ in range(10):
            ask(client)
        assert Message.objects.count() == 1

    def test_a_known_address_gets_the_same_answer_and_no_mail(self, client):
        say_yes(client)
        before = Message.objects.count()
        assert ask(client).url == "/newsletter/asked"
        assert Message.objects.count() == before

    @pytest.mark.parametrize("typed", ["", "maya", "maya@home.example\r\nBcc: all@x.example", "m" * 10_000])
    def test_what_is_no_address_is_told_and_stays_typed(self, client, typed):
        answer = ask(client, typed)
        assert answer.status_code == 422
        assert "not a mail address" in answer.text
        assert not Message.objects.exists()

    def test_a_machine_that_fills_in_everything_is_thanked(self, client):
        client.post("/newsletter", {"email": MAYA, "website": "http://spam.example"})
        assert not Message.objects.exists()

    def test_the_field_stands_at_the_foot_of_every_page(self, client):
        assert 'action="/newsletter"' in client.get("/contact").text

    def test_an_old_or_changed_link_gives_nothing(self, client):
        ask(client)
        link = link_in_mail("newsletter/confirm")
        assert client.post(link[:-1] + ("x" if link[-1] != "x" else "y")).status_code == 404
        assert client.post(f"/newsletter/confirm/{rules.ending_token(NEWS)}").status_code == 404
        with time_machine.travel(clock.now() + timedelta(days=15)):
            assert client.post(link).status_code == 404
        assert not queries.is_welcome(NEWS)


class TestEnding:
    def test_one_click_of_a_mail_program_ends_it(self, client):
        say_yes(client)
        way_out = queries.unsubscribe_url(NEWS).partition("/unsubscribe/")[2]
        stranger = Client(enforce_csrf_checks=True)
        answer = stranger.post(f"/unsubscribe/{way_out}", {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not queries.is_welcome(NEWS)

    def test_a_link_followed_by_a_machine_ends_nothing(self, client):
        say_yes(client)
        page = client.get(f"/unsubscribe/{rules.ending_token(NEWS)}")
        assert "No more letters?" in page.text
        assert queries.is_welcome(NEWS)

    def test_it_works_for_ever_and_twice(self, client):
        say_yes(client)
        link = f"/unsubscribe/{rules.ending_token(NEWS)}"
        with time_machine.travel(clock.now() + timedelta(days=3650)):
            assert [client.post(link).status_code for _ in range(2)] == [200, 200]
        assert not queries.is_welcome(NEWS)

    def test_who_left_can_come_back(self, client):
        say_yes(client)
        operations.end_consent(rules.ending_token(NEWS))
        with time_machine.travel(clock.now() + timedelta(days=2)):
            say_yes(client)
        assert queries.is_welcome(NEWS)


class TestSettings:
    def test_a_tick_is_enough_where_the_mailbox_is_known(self, client):
        user = User.objects.create_user(MAYA, name="Maya Alvarez")
        user.emailaddress_set.create(email=MAYA, primary=True, verified=True)
        client.force_login(user)
        client.post("/account/settings", {"name": "Maya", "newsletter": "on"})
        assert queries.is_welcome(NEWS)
        assert "checked" in client.get("/account/settings").text
        client.post("/account/settings", {"name": "Maya"})
        assert not queries.is_welcome(NEWS)

    def test_a_mailbox_that_may_be_anybodys_is_asked_first(self, client):
        user = User.objects.create_user(MAYA, name="Maya Alvarez")
        client.force_login(user)
        answer = client.post("/account/settings", {"name": "Maya", "newsletter": "on"}, follow=True)
        assert "Look into your mail" in answer.text
        assert not queries.is_welcome(NEWS)


class TestSending:
    def test_it_goes_to_those_who_want_it(self, client, run_waiting_jobs):
        say_yes(client)
        wanted = operations.send_message(a_newsletter())
        unwanted = operations.send_message(a_newsletter("newsletter:2", to="noah@home.example"))
        run_waiting_jobs()
        wanted.refresh_from_db()
        unwanted.refresh_from_db()
        assert (wanted.status, unwanted.status) == ("sent", "withdrawn")

    def test_who_leaves_between_writing_and_sending_gets_none(self, client, run_waiting_jobs):
        say_yes(client)
        message = operations.send_message(a_newsletter())
        operations.end_consent(rules.ending_token(NEWS))
        run_waiting_jobs()
        message.refresh_from_db()
        assert message.status == "withdrawn"

    def test_nor_does_who_called_one_spam(self, client):
        say_yes(client)
        Suppression.objects.create(address=MAYA, cause=Suppression.Cause.COMPLAINED)
        assert not queries.is_welcome(NEWS)
        assert list(queries.subscribers(Topic.NEWSLETTER)) == []

    def test_letters_about_orders_ask_for_no_consent(self, run_waiting_jobs):
        order = Letter(key="order:1", kind="order", to=MAYA, subject="Your order", text="It is on its way.")
        message = operations.send_message(order)
        run_waiting_jobs()
        message.refresh_from_db()
        assert message.status == "sent"

    def test_it_carries_its_way_out_in_words_and_headers(self):
        letter = a_newsletter()
        assert "No more letters like this" in letter.text
        assert "/unsubscribe/" in letter.html
        out = Letter(
            key="n", kind="n", to=MAYA, subject="n", text="n", unsubscribe_url="https://shop.example/unsubscribe/x"
        )
        mail = SmtpPostman("smtp://127.0.0.1", sender="a@shop.example")._mail(out)
        assert mail["List-Unsubscribe"] == "<https://shop.example/unsubscribe/x>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_guard_is_asked_at_the_moment_of_sending(run_waiting_jobs, monkeypatch):
    asked = []
    monkeypatch.setitem(rules._guards, "basket", lambda subject: asked.append(subject) or False)
    letter = Letter(key="b:1", kind="b", to=MAYA, subject="b", text="b", subject_key="cart:7", guard="basket")
    message = operations.send_message(letter)
    assert asked == []
    run_waiting_jobs()
    message.refresh_from_db()
    assert (message.status, message.error, asked) == ("withdrawn", "No longer wanted.", ["cart:7"])


def test_the_sign_up_address_counts_as_asked_only_when_ticked():
    User.objects.create_user(MAYA, name="Maya Alvarez")
    assert queries.wanted_by(MAYA) == set()
    accounts.ask_for_newsletter(MAYA, source="checkout")
    assert Consent.objects.get().status == Consent.Status.ASKED
