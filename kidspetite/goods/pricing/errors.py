from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Conflict, FieldError, Invalid, NotFound, Unavailable


class MethodNotOffered(Invalid):
    """A way to send was asked for that does not exist, or does not go there, or not with this weight."""

    code = "pricing.method_not_offered"
    message = _("We cannot send it that way. Choose another delivery.")

    def __init__(self, *, method: str, offered: tuple[str, ...]) -> None:
        errors = (FieldError("shipping_method", self.message),)
        super().__init__(errors=errors, shipping_method=method, offered=list(offered))


class CodeUnknown(Invalid):
    """A promotion code that does not work here. Unknown, expired, used up, somebody else's: which is not told."""

    code = "pricing.code_unknown"
    message = _("We do not know that code, or it does not apply here.")

    def __init__(self, *, field: str = "promo_code") -> None:
        super().__init__(errors=(FieldError(field, self.message),))


class TooManyCodes(Invalid):
    """A basket holds five codes."""

    code = "pricing.too_many_codes"
    message = _("A basket holds five codes. Take one off first.")

    def __init__(self, *, field: str = "promo_code") -> None:
        super().__init__(errors=(FieldError(field, self.message),))


class PromotionInvalid(Invalid):
    """Something in a promotion needs another look; `errors` name the fields."""

    code = "pricing.promotion_invalid"
    message = _("Something in this promotion needs another look.")


class NoSuchPromotion(NotFound):
    """No promotion or code by that name."""

    code = "pricing.no_such_promotion"
    message = _("There is no promotion like that.")


class CodeTaken(Conflict):
    """The code belongs to another promotion, or was used already. Facts: `promo_code`."""

    code = "pricing.code_taken"
    message = _("This code is taken, or another that reads the same.")

    def __init__(self, *, promo_code: str) -> None:
        super().__init__(errors=(FieldError("code", self.message),), promo_code=promo_code)


class TaxUnavailable(Unavailable):
    """The provider of local rates gives no answer that can be used; the state's rate serves. Facts: `why`."""

    code = "pricing.tax_unavailable"
    message = _("Local taxes cannot be asked for just now; the state's rate stands in.")


class TaxRefused(Conflict):
    """The provider will not book a sale or a return, however often it is asked. Facts: `why`."""

    code = "pricing.tax_refused"
    message = _("The tax provider refuses this booking. Book it there by hand.")
