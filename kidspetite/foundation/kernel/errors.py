"""What can go wrong in a way a person can act on. Programming mistakes are never one of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that needs attention: a dotted path such as `shipping_address.postal_code`, and a sentence."""

    field: str
    message: Words


class DomainError(Exception):
    """Base of all. `code` is stable and documented, `message` is for the shopper and says what to do next,
    `facts` are JSON-able, `errors` name fields."""

    code: ClassVar[str] = "kernel.error"
    message: Words = _("That did not work. Try again, or write to us.")
    status: ClassVar[int] = 500

    def __init__(self, message: Words | None = None, *, errors: tuple[FieldError, ...] = (), **facts: Any) -> None:
        self.message = message or type(self).message
        self.errors = errors
        self.facts: Mapping[str, Any] = facts
        super().__init__(self.code, facts)

    def __str__(self) -> str:
        return str(self.message)


class Invalid(DomainError):
    """What was sent cannot be understood or is out of bounds: 422, with the field named."""

    code = "kernel.invalid"
    status = 422
    message = _("What was sent does not add up. Go back, and try once more.")


class Forbidden(DomainError):
    """You may not: 403."""

    code = "kernel.forbidden"
    status = 403
    message = _("It opens for the one it belongs to. If that is you, sign in.")


class NotFound(DomainError):
    """No such thing, or none that you may see: 404."""

    code = "kernel.not_found"
    status = 404
    message = _("We looked, and it is not here.")


class Conflict(DomainError):
    """The world has moved on since you looked: 409."""

    code = "kernel.conflict"
    status = 409
    message = _("It is not as it was when you looked. Have another look.")


class Unavailable(DomainError):
    """Not now, but soon: 503."""

    code = "kernel.unavailable"
    status = 503
    message = _("We cannot do this right now. Try again in a minute.")


class Busy(Unavailable):
    """A lock could not be had within its time."""

    code = "kernel.busy"
    message = _("Many people are at this shelf just now. Try again in a moment.")
