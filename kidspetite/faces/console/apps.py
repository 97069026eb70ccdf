from django.apps import AppConfig


class Console(AppConfig):
    name = "kidspetite.faces.console"
    label = "console"
