from django.apps import AppConfig


class Checkout(AppConfig):
    name = "kidspetite.journeys.checkout"
    label = "checkout"
