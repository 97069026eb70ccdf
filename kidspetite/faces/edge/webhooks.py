"""Doors for providers: the signature is checked on the very bytes, the message is kept, a job acts on it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from kidspetite.foundation.notifications import operations as notifications
from kidspetite.sales.payments import operations as payments


@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """2xx as soon as the message is kept, or is none of ours; 400 for what Stripe cannot have sent to us now."""
    payments.take_message("stripe", request.body, request.headers)
    return JsonResponse({"received": True})


@require_POST
def sendgrid(request: HttpRequest) -> HttpResponse:
    """2xx as soon as the events are kept; 400 for what SendGrid has not signed."""
    notifications.take_news("sendgrid", request.body, request.headers)
    return JsonResponse({"received": True})


@require_POST
def twilio(request: HttpRequest) -> HttpResponse:
    """The status of a text, or an answer to one. The signature covers the address as Twilio called it, which a proxy
    may have changed: it is made up from BASE_URL. Nothing is answered by text: Twilio itself answers STOP and HELP."""
    url = f"{settings.BASE_URL}{request.get_full_path()}"
    notifications.take_text_news("twilio", request.body, request.headers, url=url)
    return HttpResponse("<Response/>", content_type="text/xml; charset=utf-8")


@require_POST
def paypal(request: HttpRequest) -> HttpResponse:
    """The same for PayPal, which is asked whether it signed these bytes; 503 while it does not answer, so that it sends
    them again."""
    payments.take_message("paypal", request.body, request.headers)
    return JsonResponse({"received": True})
