from django.apps import AppConfig


class Shipping(AppConfig):
    name = "kidspetite.sales.shipping"
    label = "shipping"
