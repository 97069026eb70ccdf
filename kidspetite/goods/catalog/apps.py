from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class Catalog(AppConfig):
    name = "kidspetite.goods.catalog"
    label = "catalog"

    def ready(self) -> None:
        connection_created.connect(_listen, dispatch_uid="catalog.hear_writes")


def _listen(sender: Any, connection: Any, **kwargs: Any) -> None:
    from kidspetite.goods.catalog.queries.keeper import hear_writes

    if hear_writes not in connection.execute_wrappers:
        connection.execute_wrappers.append(hear_writes)
