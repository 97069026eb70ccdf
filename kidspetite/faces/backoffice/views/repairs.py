from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.accounts.models import Enquiry
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.plumbing import audit, health
from kidspetite.foundation.plumbing.retrying import retry_failed

SHOWN = 100


@require_GET
@allowed("procrastinate.change_procrastinatejob")
def repairs(request: HttpRequest) -> HttpResponse:
    """What gave up, each with another chance: jobs, letters; and what the shop warns of."""
    jobs = list(ProcrastinateJob.objects.filter(status="failed").order_by("-pk")[:SHOWN])
    events = ProcrastinateEvent.objects.filter(job__in=jobs, type="failed").values_list("job_id", "at")
    context = {
        "jobs": [(job, _name(job), dict(events).get(job.pk)) for job in jobs],
        "letters": Message.objects.filter(status=Message.Status.FAILED).order_by("-created_at")[:SHOWN],
        "warnings": health.warnings(),
    }
    return page(request, "repairs.html", context)


@require_POST
@allowed("procrastinate.change_procrastinatejob")
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    if retry_failed(pk, by=actor(request)):
        messages.success(request, _("The job waits for the worker again."))
    else:
        messages.info(request, _("That job is not waiting for anybody any more."))
    return redirect("desk:repairs")


@require_POST
@allowed("notifications.change_message")
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a letter that failed back into the post; one that was sent is not sent twice."""
    notifications.send_again(pk)
    audit.record(actor=actor(request), verb="notifications.send_again", subject=f"message:{pk}")
    messages.success(request, _("The letter is back in the post."))
    return redirect("desk:repairs" if request.user.has_perm("procrastinate.change_procrastinatejob") else "desk:home")


@require_GET
@allowed("accounts.view_enquiry")
def enquiries(request: HttpRequest) -> HttpResponse:
    """Letters from the contact form, the unanswered first."""
    context = {
        "unanswered": Enquiry.objects.filter(answered_at=None).order_by("at")[:SHOWN],
        "answered": Enquiry.objects.filter(answered_at__isnull=False).order_by("-answered_at")[:20],
    }
    return page(request, "enquiries.html", context)


@require_POST
@allowed("accounts.change_enquiry")
def answered(request: HttpRequest, pk: int) -> HttpResponse:
    accounts.mark_answered(pk, by=actor(request))
    messages.success(request, _("Noted as answered."))
    return redirect("desk:enquiries")


def _name(job: ProcrastinateJob) -> str:
    event = job.args.get("event", "") if isinstance(job.args, dict) else ""
    return event.rpartition(".")[2] or job.task_name
