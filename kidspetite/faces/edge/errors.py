"""What is refused at the door, before any room is asked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Busy, Conflict, DomainError, Forbidden, Invalid, NotFound, Unavailable
from kidspetite.foundation.plumbing.errors import InFlight


class Unreadable(Invalid):
    """The request is not what its headers say it is: broken text, a NUL, a cut-off body."""

    code = "edge.unreadable"
    status = 400
    message = _("We could not read what was sent. Go back, and try once more.")


class LengthMissing(Invalid):
    """A body came without its length."""

    code = "edge.length_missing"
    status = 411
    message = _("Send a Content-Length header with this call.")


class BodyTooLarge(Invalid):
    """More than a form of ours could ever hold."""

    code = "edge.too_large"
    status = 413
    message = _("That is more than we can take at once. Send less than 1 MB.")


class CronSecretNeeded(Forbidden):
    """A scheduled call without the secret that opens its door."""

    code = "edge.cron_secret_needed"
    status = 401
    message = _("Send the secret of scheduled calls: Authorization: Bearer, then CRON_SECRET.")


class CronSecretWrong(Forbidden):
    """A scheduled call with another secret, or to a shop that has none."""

    code = "edge.cron_secret_wrong"
    message = _("That is not the secret of scheduled calls.")


class NoSuchJob(NotFound):
    """No scheduled job has this name."""

    code = "edge.no_such_job"
    message = _("No scheduled job has this name.")


class CrossSite(Forbidden):
    """An unsafe request that did not start on our own pages."""

    code = "edge.cross_site"
    message = _("This form waited too long, or was sent from another site. Open the page again and repeat it.")


class NotYours(Forbidden):
    """Signed in or not: this person may not."""

    code = "edge.forbidden"


class NotHere(NotFound):
    """No page has this address."""

    code = "edge.not_found"


class WrongMethod(Invalid):
    """The address exists, but not for this kind of call."""

    code = "edge.method_not_allowed"
    status = 405
    message = _("This address does not take that kind of call.")


class TooManyRequests(Unavailable):
    """A client is over its limit. Facts: limit, window_seconds, retry_after (seconds)."""

    code = "edge.too_many_requests"
    status = 429
    message = _("That was a lot at once. Come back in a minute.")


class Broken(DomainError):
    """Our own mistake. The request id leads to it in the log."""

    code = "edge.broken"
    status = 500
    message = _("Nothing you typed was wrong. Try again in a minute, or write to us.")


def seconds_to_wait(error: DomainError) -> int | None:
    """What `Retry-After` says for this error, or None when waiting would change nothing."""
    if isinstance(error, TooManyRequests):
        return int(error.facts.get("retry_after", 60))
    if isinstance(error, InFlight):
        return 1
    if isinstance(error, Busy):
        return 2
    if "retry_after" in error.facts:
        return int(error.facts["retry_after"])
    return 30 if isinstance(error, Unavailable) else None


KIND_TITLES: dict[type[DomainError], object] = {
    Invalid: _("Something needs another look"),
    Forbidden: _("This hook is not yours"),
    NotFound: _("Wrong hook. Coats are that way."),
    Conflict: _("Something changed meanwhile"),
    Unavailable: _("Back in a moment"),
    DomainError: _("Something tore on our side"),
}
STATUS_TITLES: dict[int, object] = {
    400: _("We could not read that"),
    402: _("Your bank said no"),
    405: _("This door opens the other way"),
    411: _("We could not read that"),
    413: _("Too much to carry at once"),
    429: _("A short pause"),
}


def title_of(error: DomainError) -> str:
    """The headline of an error's page and problem."""
    if found := STATUS_TITLES.get(error.status):
        return str(found)
    return str(next(title for kind, title in KIND_TITLES.items() if isinstance(error, kind)))
