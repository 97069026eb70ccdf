import pytest
from django.db.models import QuerySet


@pytest.fixture
def without_locks(monkeypatch):
    """The same code with its row locks taken out: a race that passes even so proves nothing."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())
