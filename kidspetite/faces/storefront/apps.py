from django.apps import AppConfig


class Storefront(AppConfig):
    name = "kidspetite.faces.storefront"
    label = "storefront"
