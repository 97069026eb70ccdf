from django.apps import AppConfig


class Cart(AppConfig):
    name = "kidspetite.sales.cart"
    label = "cart"
