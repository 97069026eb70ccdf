from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Accounts(AppConfig):
    name = "kidspetite.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        post_migrate.connect(_keep_roles, dispatch_uid="accounts.keep_roles")


def _keep_roles(app_config: AppConfig, apps: Any, **_: Any) -> None:
    """After each room's permissions exist, the roles are given theirs."""
    from kidspetite.foundation.accounts.operations import keep_roles

    try:
        apps.get_model("auth", "Permission")
    except LookupError:  # a database on its way back to zero has no permissions
        return
    keep_roles(app_config.label)
