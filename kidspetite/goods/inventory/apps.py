from django.apps import AppConfig


class Inventory(AppConfig):
    name = "kidspetite.goods.inventory"
    label = "inventory"
