"""Django's sessions in the database, found by a statement that is put together once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from kidspetite.foundation.plumbing.recipes import Given, Recipe

_LIVING: Recipe[Any] = Recipe(
    lambda: SessionStore.get_model_class().objects.filter(session_key=Given("key"), expire_date__gt=Given("now"))
)


class SessionStore(db.SessionStore):
    """Every page for somebody with a basket begins with this look."""

    def _get_session_from_db(self) -> Any:
        found = _LIVING.row(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
