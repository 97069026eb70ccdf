from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound


class NoSuchCart(NotFound):
    """The basket was ordered or merged meanwhile, or never was."""

    code = "cart.not_found"
    message = _("This basket is no longer open. Put what you want into a new one.")


class NoSuchLine(NotFound):
    """The line is gone, perhaps in another tab."""

    code = "cart.no_such_line"
    message = _("This is no longer in your basket.")


class BadQuantity(Invalid):
    """A number of pieces that a line cannot have. Fact `in_basket`: what the line has already, where that matters."""

    code = "cart.bad_quantity"
    message = _("Choose a whole number from 1 to 99.")

    def __init__(self, *, in_basket: int | None = None) -> None:
        facts: dict[str, Any] = {} if in_basket is None else {"in_basket": in_basket}
        super().__init__(errors=(FieldError("quantity", self.message),), **facts)


class TooManyLines(Invalid):
    """A basket carries a hundred different pieces."""

    code = "cart.too_many_lines"
    message = _("A basket carries 100 different pieces. Take one out, or order these first.")

    def __init__(self) -> None:
        super().__init__(errors=(FieldError("sku", self.message),))


class NotForSale(Conflict):
    """The piece exists, but is not sold any more, or not yet."""

    code = "cart.not_for_sale"
    message = _("This piece is not for sale at the moment.")

    def __init__(self, *, sku: str) -> None:
        super().__init__(errors=(FieldError("sku", self.message),), sku=sku)


class NotYourCart(Forbidden):
    """The basket belongs to somebody else who signs in here."""

    code = "cart.not_yours"
    message = _("This basket belongs to another account.")
