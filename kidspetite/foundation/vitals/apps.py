from django.apps import AppConfig


class Vitals(AppConfig):
    name = "kidspetite.foundation.vitals"
    label = "vitals"
