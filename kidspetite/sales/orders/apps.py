from django.apps import AppConfig


class Orders(AppConfig):
    name = "kidspetite.sales.orders"
    label = "orders"
