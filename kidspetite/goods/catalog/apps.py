from django.apps import AppConfig


class Catalog(AppConfig):
    name = "kidspetite.goods.catalog"
    label = "catalog"
