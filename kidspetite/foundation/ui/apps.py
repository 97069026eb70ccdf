from django.apps import AppConfig


class Ui(AppConfig):
    name = "kidspetite.foundation.ui"
    label = "ui"
