from __future__ import annotations

from django.urls import path

from kidspetite.faces.edge.media import media
from kidspetite.faces.storefront.views import contact

urlpatterns = [
    path("contact", contact.contact, name="contact"),
    path("contact/thanks", contact.thanks, name="contact-thanks"),
    path("media/<path:name>", media, name="media"),
]
