from django.apps import AppConfig


class Payments(AppConfig):
    name = "kidspetite.sales.payments"
    label = "payments"
