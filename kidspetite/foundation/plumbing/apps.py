from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules


class Plumbing(AppConfig):
    name = "kidspetite.foundation.plumbing"
    label = "plumbing"

    def ready(self) -> None:
        """Find every room's handlers and jobs; a web process that publishes must know them as well as a worker."""
        from kidspetite.foundation.plumbing.locking import watch

        connection_created.connect(
            lambda connection, **_: watch(connection), weak=False, dispatch_uid="plumbing.locking"
        )
        if settings.IS_POOLED:
            from django.db.models.signals import post_migrate

            from kidspetite.foundation.plumbing.connections import give_limits_to_role

            post_migrate.connect(
                lambda **_: give_limits_to_role(), sender=self, weak=False, dispatch_uid="plumbing.limits"
            )
        autodiscover_modules("handlers", "jobs", "privacy")
