import pytest
from django.db.models import QuerySet


@pytest.fixture
def without_locks(monkeypatch):
    """The same code with its row locks taken out: a race that passes even so proves nothing."""
    from kidspetite.goods.inventory.operations import shelf
    from kidspetite.sales.cart import operations as carts

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())
    for room, statement in ((shelf, "LOCK_LEVELS"), (carts, "LOCK_OPEN")):
        bare = getattr(room, statement).replace("for update", "")
        monkeypatch.setattr(room, statement, bare)
