from django.apps import AppConfig


class Winback(AppConfig):
    name = "kidspetite.journeys.winback"
    label = "winback"
