from django.apps import AppConfig


class Content(AppConfig):
    name = "kidspetite.foundation.content"
    label = "content"
