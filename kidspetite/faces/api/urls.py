from django.urls import path

from kidspetite.faces.api.api import api
from kidspetite.faces.api.handbook import handbook
from kidspetite.faces.edge import webhooks

urlpatterns = [
    path("docs", handbook, name="api-docs"),
    path("webhooks/stripe", webhooks.stripe, name="stripe-webhook"),
    path("webhooks/paypal", webhooks.paypal, name="paypal-webhook"),
    path("webhooks/sendgrid", webhooks.sendgrid, name="sendgrid-webhook"),
    path("webhooks/twilio", webhooks.twilio, name="twilio-webhook"),
    path("", api.urls),
]
