from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.admin import TabularInline
from unfold.decorators import display

from kidspetite.foundation.notifications.models import Answer, Consent, Message, PostEvent, Suppression
from kidspetite.foundation.plumbing import audit
from kidspetite.foundation.plumbing.raw_rows import RawRows, ReadOnlyRows

# A sign-in letter carries a link that opens somebody's account: nobody here needs to read it.
OPEN_SUBJECTS = ("order:", "enquiry:", "staff:", "sample:", "texts:")

STATUS_LABELS = {"queued": "info", "sent": "success", "failed": "danger", "withdrawn": "warning"}


class PostEvents(TabularInline):
    """What the provider told of a letter."""

    model = PostEvent
    fields = readonly_fields = ("at", "news", "words")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Message)
class Messages(ReadOnlyRows):
    """Letters and texts, sent and waiting. One that failed is sent again under Repairs."""

    list_display = ("created_at", "kind", "to", "headline", "state", "sent_at")
    list_filter = ("status", "channel", "kind", "provider")
    search_fields = ("to", "subject", "subject_key", "key")
    ordering = ("-created_at", "-pk")
    fields = (
        "kind", "to", "subject", "status", "created_at", "sent_at", "not_before", "attempts", "segments", "provider",
        "provider_id", "error",
        "words",
    )  # fmt: skip
    readonly_fields = ("words",)
    inlines = (PostEvents,)

    @display(description="status", ordering="status", label=STATUS_LABELS)
    def state(self, message: Message) -> str:
        return message.status

    @display(description="text")
    def words(self, message: Message) -> str:
        if message.subject_key.startswith(OPEN_SUBJECTS):
            return message.text
        return _("Not shown: it may carry a link that opens somebody's account.")


@admin.register(Suppression)
class Suppressions(RawRows):
    """Mailboxes and phones that get nothing. Deleting one is saying that it works again; only START, sent from the
    phone itself, takes back a STOP."""

    list_display = ("address", "cause", "words", "at")
    list_filter = ("cause",)
    search_fields = ("address",)
    ordering = ("-at", "-pk")
    fields = readonly_fields = ("address", "cause", "words", "at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_final = obj is not None and obj.cause == Suppression.Cause.STOPPED
        return not is_final and bool(super().has_delete_permission(request, obj))

    def delete_model(self, request: HttpRequest, obj: Suppression) -> None:
        audit.record(actor=self.actor(request), verb="notifications.lift_suppression", subject=obj.address)
        super().delete_model(request, obj)


@admin.register(Consent)
class Consents(ReadOnlyRows):
    """Who wants letters about what, and since when. Only they change it."""

    list_display = ("address", "topic", "status", "source", "given_at", "ended_at")
    list_filter = ("topic", "status", "source")
    search_fields = ("address",)
    ordering = ("-asked_at", "-pk")


@admin.register(Answer)
class Answers(ReadOnlyRows):
    """What phones answered to our texts: the proof of every yes and every STOP."""

    list_display = ("at", "address", "said", "words")
    list_filter = ("said",)
    search_fields = ("address",)
    ordering = ("-at", "-pk")
