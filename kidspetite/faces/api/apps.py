from django.apps import AppConfig


class Api(AppConfig):
    name = "kidspetite.faces.api"
    label = "api"
