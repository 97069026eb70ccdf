"""Letters on the desk: samples that hold under hard words, one to oneself, and one of an order's sent again."""

from __future__ import annotations

import re

import pytest

from kidspetite.faces.backoffice.views.letters import NAMES
from kidspetite.foundation.accounts.types import Role
from kidspetite.foundation.notifications import operations, queries
from kidspetite.foundation.notifications.errors import NotSentYet
from kidspetite.foundation.notifications.messages import edge
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.types import Case
from tests.factories.orders import a_paid_order

pytestmark = pytest.mark.django_db

KEY = "a-key-of-a-form-000000000001"
KINDS = sorted(queries.examples())


class TestSamples:
    @pytest.mark.parametrize("kind", KINDS)
    def test_hard_words_break_no_letter(self, kind):
        letter = queries.examples()[kind](Case.EDGE)
        assert letter.kind == kind
        assert "<b>Not bold" not in letter.html
        assert "\n" not in letter.subject.strip() or kind == "enquiry"
        assert len(letter.html) > 2000
        assert letter.text.strip()
        assert letter.fields["title"]

    def test_each_kind_is_listed_and_shown_at_both_widths(self, owner):
        assert all(f"/admin/letters/{kind}" in owner.get("/admin/letters").text for kind in KINDS)
        assert set(KINDS) == set(NAMES)
        page = owner.get("/admin/letters/order-confirmation?data=edge&scheme=dark")
        assert f"<h1>{NAMES['order-confirmation']}</h1>" in page.text
        assert re.findall(r"desk-paper-(\d+)", page.text) == ["320", "600"]
        assert "unsafe" not in page["Content-Security-Policy"]
        assert "frame-src 'self'" in page["Content-Security-Policy"]

    def test_a_sample_is_about_the_newest_order(self, owner):
        order = a_paid_order(gift_message="For Ada")
        assert order.number in owner.get("/admin/letters/order-confirmation/paper").text

    def test_the_paper_runs_nothing_and_is_framed_by_us_alone(self, owner):
        paper = owner.get("/admin/letters/welcome/paper?scheme=dark")
        policy = paper["Content-Security-Policy"]
        assert "script" not in policy
        assert "sandbox" in policy
        assert "frame-ancestors 'self'" in policy
        assert "@media all" in paper.text
        assert "@media not all" in owner.get("/admin/letters/welcome/paper?scheme=light").text
        assert "prefers-color-scheme" in owner.get("/admin/letters/welcome/paper").text

    @pytest.mark.parametrize("way", ["", "/paper"])
    def test_what_is_no_letter_is_not_found(self, owner, way):
        assert owner.get(f"/admin/letters/invoice{way}").status_code == 404

    @pytest.mark.parametrize("kind", ["order-confirmation", "newsletter-confirmation", "new-order"])
    def test_one_comes_to_whoever_asks_and_to_nobody_else(self, owner, run_waiting_jobs, kind):
        for _click in range(2):
            told = {"key": KEY, "data": "edge", "to": "all@home.example"}
            assert owner.post(f"/admin/letters/{kind}/sample", told).status_code == 302
        run_waiting_jobs()
        letter = Message.objects.get()
        assert (letter.to, letter.status) == ("owner@team.example", "sent")
        assert letter.subject.startswith("Sample: ")

    def test_who_may_only_look_sends_none(self, staff):
        assert staff(Role.READ_ONLY).post("/admin/letters/welcome/sample").status_code == 403
        assert not Message.objects.exists()


class TestOnceMore:
    @pytest.fixture
    def letter(self, run_waiting_jobs) -> Message:
        a_paid_order()
        run_waiting_jobs()
        return Message.objects.get(kind="order-confirmation")

    def again(self, client, letter: Message, *, key: str = KEY, number: str = ""):
        number = number or letter.subject_key.removeprefix("order:")
        return client.post(f"/admin/orders/{number}/letters/{letter.pk}/copy", {"key": key})

    def test_a_lost_letter_is_sent_once_more_by_a_double_click(self, owner, letter, run_waiting_jobs):
        for _click in range(2):
            self.again(owner, letter)
        run_waiting_jobs()
        copies = Message.objects.filter(kind=letter.kind).exclude(pk=letter.pk)
        assert [(copy.to, copy.status, copy.text) for copy in copies] == [(letter.to, "sent", letter.text)]
        page = owner.get(f"/admin/orders/{letter.subject_key.removeprefix('order:')}").text
        assert page.count("Send again") == 2

    def test_one_that_failed_is_tried_again_itself(self, owner, letter, run_waiting_jobs):
        Message.objects.filter(pk=letter.pk).update(status="failed", sent_at=None, error="SMTP 550")
        assert "SMTP 550" in owner.get("/admin/repairs").text
        self.again(owner, letter)
        run_waiting_jobs()
        assert list(Message.objects.filter(kind=letter.kind).values_list("status", flat=True)) == ["sent"]

    def test_of_another_order_it_is_not_found(self, owner, letter):
        assert self.again(owner, letter, number=a_paid_order().number).status_code == 404

    @pytest.mark.parametrize("status", ["queued", "withdrawn"])
    def test_what_has_not_left_is_not_copied(self, letter, status):
        Message.objects.filter(pk=letter.pk).update(status=status, sent_at=None)
        with pytest.raises(NotSentYet):
            operations.send_copy(letter.pk, key=KEY)

    def test_fulfilment_may_look_but_not_send(self, staff, letter):
        assert self.again(staff(Role.FULFILMENT), letter).status_code == 403


def test_names_of_ten_thousand_letters_and_line_breaks_stay_in_their_place():
    from kidspetite.foundation.accounts import messages
    from kidspetite.foundation.accounts.models import Enquiry

    name = "Eve\r\nBcc: all@home.example " + "x" * 10_000
    letter = messages.enquiry_received(Enquiry(pk=1, name=name, email="e@home.example", text=edge.WORDS), "a@b.example")
    kept = operations.send_message(letter)
    assert len(kept.subject) <= 200
    assert "\n" not in kept.subject
    assert "\r" not in kept.subject
