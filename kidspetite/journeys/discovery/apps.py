from django.apps import AppConfig


class Discovery(AppConfig):
    name = "kidspetite.journeys.discovery"
    label = "discovery"
