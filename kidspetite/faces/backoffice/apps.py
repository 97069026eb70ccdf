from django.apps import AppConfig
from django.contrib.admin import apps as admin


class Backoffice(AppConfig):
    name = "kidspetite.faces.backoffice"
    label = "backoffice"
    default = True


class ShopAdmin(admin.AdminConfig):
    """Django's admin, with our site as the one that rooms register with."""

    default_site = "kidspetite.faces.backoffice.site.ShopSite"
    default = False
