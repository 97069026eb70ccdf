"""What only a client of the API can get wrong."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Forbidden, Invalid, NotFound


class BadRequestBody(Invalid):
    """The fields do not have the shape that the API's description gives them; `errors` name each."""

    code = "api.invalid"
    message = _("Some fields need another look; errors names them.")


class NoSuchProduct(NotFound):
    """No product of this name is on sale."""

    code = "catalog.no_such_product"
    message = _("No product of that name is on sale.")


class NoSuchCollection(NotFound):
    """No collection has this name."""

    code = "catalog.no_such_collection"
    message = _("There is no collection of that name.")


class KeyGuessable(Invalid):
    """A short Idempotency-Key from a client that is known by its address alone, which it may share with others."""

    code = "idempotency.key_guessable"
    status = 400
    message = _("Without a session or a bearer token, an Idempotency-Key needs 16 characters or more, such as a UUID.")


class KeyUnfit(Invalid):
    """An Idempotency-Key that is empty, longer than 255 characters, or not plain ASCII."""

    code = "idempotency.key_unfit"
    status = 400
    message = _("An Idempotency-Key is 1 to 255 printable ASCII characters, such as a UUID.")


class NotSignedIn(Forbidden):
    """This belongs to a customer: sign in, and call with the session's cookie. A bearer token opens a basket only."""

    code = "api.not_signed_in"
    status = 401
    message = _("Sign in first. This belongs to your account.")
