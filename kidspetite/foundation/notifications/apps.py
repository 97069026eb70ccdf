from django.apps import AppConfig


class Notifications(AppConfig):
    name = "kidspetite.foundation.notifications"
    label = "notifications"
