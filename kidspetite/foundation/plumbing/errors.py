from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Conflict, Invalid


class KeyMissing(Invalid):
    """A call that may happen only once came without its Idempotency-Key: 400."""

    code = "idempotency.key_missing"
    status = 400
    message = _("Send an Idempotency-Key header with this call, so that repeating it is harmless.")


class KeyReused(Invalid):
    """The same key came with another body."""

    code = "idempotency.key_reused"
    message = _("This Idempotency-Key was used for something else. Send a new one.")


class InFlight(Conflict):
    """A twin of this call is still being answered; ask again in a second."""

    code = "idempotency.in_flight"
    message = _("We are still working on the same request. Ask again in a second.")
