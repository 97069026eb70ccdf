from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Conflict, NotFound


class NoSuchOrder(NotFound):
    """No order by this number, token or owner; which of them was wrong is not told."""

    code = "orders.not_found"
    message = _("We have no order like that. Check the number and the e-mail it was placed with.")


class CannotMove(Conflict):
    """The order is not in a state from which this can be done. Facts: `order`, `status`, `wanted`."""

    code = "orders.cannot_move"
    message = _("This order has moved on, so that can no longer be done. Have another look at it.")


class RefundsExceedTotal(Conflict):
    """More would go back than was ever paid. Facts: `order`, `left_cents`."""

    code = "orders.refunds_exceed_total"
    message = _("That is more than is left to refund on this order.")
