from django.apps import AppConfig


class Accounts(AppConfig):
    name = "kidspetite.foundation.accounts"
    label = "accounts"
