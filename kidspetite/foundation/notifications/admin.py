from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext as _
from unfold.decorators import display

from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.plumbing.raw_rows import ReadOnlyRows

# A sign-in letter carries a link that opens somebody's account: nobody here needs to read it.
OPEN_SUBJECTS = ("order:", "enquiry:")

STATUS_LABELS = {"queued": "info", "sent": "success", "failed": "danger", "withdrawn": "warning"}


@admin.register(Message)
class Messages(ReadOnlyRows):
    """Letters, sent and waiting. One that failed is sent again under Repairs."""

    list_display = ("created_at", "kind", "to", "subject", "state", "sent_at")
    list_filter = ("status", "kind", "provider")
    search_fields = ("to", "subject", "subject_key", "key")
    ordering = ("-created_at", "-pk")
    fields = (
        "kind", "to", "subject", "status", "created_at", "sent_at", "attempts", "provider", "provider_id", "error",
        "words",
    )  # fmt: skip
    readonly_fields = ("words",)

    @display(description="status", ordering="status", label=STATUS_LABELS)
    def state(self, message: Message) -> str:
        return message.status

    @display(description="text")
    def words(self, message: Message) -> str:
        if message.subject_key.startswith(OPEN_SUBJECTS):
            return message.text
        return _("Not shown: it may carry a link that opens somebody's account.")
