from __future__ import annotations

from django.contrib import admin
from procrastinate.contrib.django.models import (
    ProcrastinateEvent,
    ProcrastinateJob,
    ProcrastinatePeriodicDefer,
    ProcrastinateWorker,
)
from unfold.decorators import display

from kidspetite.foundation.plumbing.models import AuditEntry, InboxEntry
from kidspetite.foundation.plumbing.raw_rows import ReadOnlyRows, as_json

for model in (ProcrastinateEvent, ProcrastinateJob, ProcrastinatePeriodicDefer, ProcrastinateWorker):
    if admin.site.is_registered(model):  # procrastinate shows them its own way; ours is below
        admin.site.unregister(model)

STATUS_LABELS = {"todo": "info", "doing": "info", "failed": "danger", "succeeded": "success"}


@admin.register(ProcrastinateJob)
class Jobs(ReadOnlyRows):
    """What the worker has done, does and will do. Jobs that gave up are tried again under Repairs."""

    list_display = ("id", "what", "state", "queue_name", "attempts", "scheduled_at")
    list_filter = ("status", "queue_name", "task_name")
    search_fields = ("task_name", "args__event")
    ordering = ("-id",)
    fields = ("task_name", "status", "queue_name", "attempts", "priority", "scheduled_at", "arguments", "history")
    readonly_fields = ("arguments", "history")

    @display(description="what")
    def what(self, job: ProcrastinateJob) -> str:
        event = job.args.get("event", "") if isinstance(job.args, dict) else ""
        return f"{job.task_name} {event.rpartition('.')[2]}".strip()

    @display(description="status", ordering="status", label=STATUS_LABELS)
    def state(self, job: ProcrastinateJob) -> str:
        return job.status

    @display(description="arguments")
    def arguments(self, job: ProcrastinateJob) -> str:
        return as_json(job.args)

    @display(description="history")
    def history(self, job: ProcrastinateJob) -> str:
        rows = ProcrastinateEvent.objects.filter(job=job).order_by("pk").values_list("at", "type")
        return as_json([f"{at:%Y-%m-%d %H:%M:%S} {kind}" for at, kind in rows])


@admin.register(AuditEntry)
class AuditEntries(ReadOnlyRows):
    """Who did what. Rows are only ever added."""

    list_display = ("at", "actor_", "verb", "subject", "request_id")
    list_filter = ("verb",)
    search_fields = ("subject", "actor", "verb", "request_id")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    fields = ("at", "actor", "verb", "subject", "details", "request_id")
    readonly_fields = ("details",)

    @display(description="who", ordering="actor")
    def actor_(self, entry: AuditEntry) -> str:
        return entry.actor

    @display(description="facts")
    def details(self, entry: AuditEntry) -> str:
        return as_json(entry.facts)


@admin.register(InboxEntry)
class Inbox(ReadOnlyRows):
    """Webhooks as they came, each kept once before it had any effect."""

    list_display = ("received_at", "provider", "kind", "external_id", "handled_at")
    list_filter = ("provider", "kind", ("handled_at", admin.EmptyFieldListFilter))
    search_fields = ("external_id", "kind")
    ordering = ("-received_at", "-pk")
    fields = ("provider", "kind", "external_id", "received_at", "handled_at", "content")
    readonly_fields = ("content",)

    @display(description="body")
    def content(self, entry: InboxEntry) -> str:
        return as_json(entry.body)
