from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Plumbing(AppConfig):
    name = "kidspetite.foundation.plumbing"
    label = "plumbing"

    def ready(self) -> None:
        """Find every room's handlers and jobs; a web process that publishes must know them as well as a worker."""
        autodiscover_modules("handlers", "jobs", "privacy")
