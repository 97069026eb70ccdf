from django.apps import AppConfig


class Backoffice(AppConfig):
    name = "kidspetite.faces.backoffice"
    label = "backoffice"
