from django.apps import AppConfig


class Pricing(AppConfig):
    name = "kidspetite.goods.pricing"
    label = "pricing"
