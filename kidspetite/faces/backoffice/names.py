"""Who did it, in words: what ledger and audit keep as `user:12` or `job:…`."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from kidspetite.foundation.accounts.models import User


def names_of(actors: Collection[str]) -> dict[str, str]:
    """Each actor's name: a colleague's, the shop's own for what nobody pressed, else as it was written. One query."""
    ids = {int(actor[5:]) for actor in actors if actor.startswith("user:") and actor[5:].isdecimal()}
    people = {user.pk: user.name or user.email for user in User.objects.filter(pk__in=ids)} if ids else {}
    return {actor: _name(actor, people) for actor in actors if actor}


def _name(actor: str, people: dict[int, str]) -> str:
    kind, _colon, rest = actor.partition(":")
    if kind == "user":
        return people.get(int(rest), "") if rest.isdecimal() and int(rest) in people else _("somebody who has left")
    if actor == "shopper":
        return _("the shopper")
    if kind in {"job", "clock"}:
        return _("the shop itself")
    return actor
