from django.apps import AppConfig


class Media(AppConfig):
    name = "kidspetite.foundation.media"
    label = "media"
