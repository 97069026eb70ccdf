"""The raw screens: Unfold in the shop's colours, entered through the shop's own sign-in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.sites import UnfoldAdminSite

from kidspetite.faces.backoffice.navigation import sections


class ShopSite(UnfoldAdminSite):
    """Every row of the shop, for those who may see it. Home and the daily work are the desk's own pages."""

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("desk:home")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in, the shop's, so that limits and the second factor hold for staff too."""
        return redirect_to_login(request.GET.get("next") or "/admin/", settings.LOGIN_URL)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "POST":
            logout(request)
        return redirect("/")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_change_password")

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Only what this person may open."""
        return [
            {
                "title": section.title,
                "separator": True,
                "items": [
                    {
                        "title": link.title,
                        "link": link.path,
                        "icon": link.symbol,
                        "active": link.is_here(request.path),
                        "has_permission": True,
                    }
                    for link in section.links
                ],
            }
            for section in sections(request.user)
        ]
