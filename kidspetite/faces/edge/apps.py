from django.apps import AppConfig


class Edge(AppConfig):
    name = "kidspetite.faces.edge"
    label = "edge"
