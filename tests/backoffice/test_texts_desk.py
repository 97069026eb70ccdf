"""What staff see of texts: their words, every answer, and numbers that only their owners open again."""

import pytest
from django.urls import reverse

from kidspetite.foundation.accounts.types import Role
from kidspetite.foundation.notifications.models import Answer, Message, Suppression

PHONE = "+12125550123"


@pytest.mark.parametrize(("cause", "status"), [("bounced", 302), ("no_texts", 302), ("stopped", 403)])
def test_staff_lift_what_is_gone_but_no_stop(owner, cause, status):
    row = Suppression.objects.create(address=PHONE, cause=cause)
    page = owner.post(reverse("admin:notifications_suppression_delete", args=[row.pk]), {"post": "yes"})
    assert page.status_code == status
    assert Suppression.objects.exists() is (cause == "stopped")


def test_support_reads_texts_and_answers(staff):
    Answer.objects.create(provider_id="SM1", address=PHONE, said="other", words="Where is it?")
    row = Message.objects.create(
        key="order-text-paid:KP-1", kind="order-text-paid", channel="text", to=PHONE, text="Order KP-1 is paid.",
        subject_key="order:KP-1",
    )  # fmt: skip
    support = staff(Role.SUPPORT)
    assert "Where is it?" in support.get(reverse("admin:notifications_answer_changelist")).text
    assert "Order KP-1 is paid." in support.get(reverse("admin:notifications_message_changelist")).text
    assert "Order KP-1 is paid." in support.get(reverse("admin:notifications_message_change", args=[row.pk])).text
