from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import FieldError, Invalid


class MethodNotOffered(Invalid):
    """A way to send was asked for that does not exist, or does not go there, or not with this weight."""

    code = "pricing.method_not_offered"
    message = _("We cannot send it that way. Choose another delivery.")

    def __init__(self, *, method: str, offered: tuple[str, ...]) -> None:
        errors = (FieldError("shipping_method", self.message),)
        super().__init__(errors=errors, shipping_method=method, offered=list(offered))
