"""Addresses of the workshop: there in development, absent in production."""

from __future__ import annotations

from django.urls import path

from kidspetite.faces.storefront.views import workshop

urlpatterns = [
    path("_styleguide", workshop.styleguide, name="styleguide"),
    path("_outbox", workshop.outbox, name="outbox"),
    path("_outbox/<int:pk>", workshop.letter, name="outbox-letter"),
]
