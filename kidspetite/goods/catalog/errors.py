from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import FieldError, Invalid, NotFound


class ProductIncomplete(Invalid):
    """A product that lacks what a page needs cannot go on sale; the fields say what is missing."""

    code = "catalog.product_incomplete"
    message = _("This product is not ready to go on sale yet.")


class UnknownSku(NotFound):
    """No piece has this number."""

    code = "catalog.unknown_sku"
    message = _("We have no piece with that number.")

    def __init__(self, *, sku: str) -> None:
        super().__init__(errors=(FieldError("sku", self.message),), sku=sku[:80])


class GridRefused(Invalid):
    """Some cells of a product's grid cannot be; `errors` name them as `colour-size.field`, by ids."""

    code = "catalog.grid_refused"
    message = _("Some cells need another look. Nothing was changed.")
