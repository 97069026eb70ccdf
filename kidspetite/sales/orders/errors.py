from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Conflict, Invalid, NotFound


class NoSuchOrder(NotFound):
    """No order by this number, token or owner; which of them was wrong is not told."""

    code = "orders.not_found"
    message = _("We have no order like that. Check the number and the e-mail it was placed with.")


class CannotMove(Conflict):
    """The order is not in a state from which this can be done. Facts: `order`, `status`, `wanted`."""

    code = "orders.cannot_move"
    message = _("This order has moved on, so that can no longer be done. Have another look at it.")


class AddressFixed(Conflict):
    """The parcel has left, or the order has ended: its address stays. Facts: `order`, `status`."""

    code = "orders.address_fixed"
    message = _("This order has moved on, so its address stays. Write to us, and we see what the carrier can do.")


class AddressCostsOther(Conflict):
    """The new address would be taxed or sent at another price than was paid. Facts: `order`, `state`, `postal_code`."""

    code = "orders.address_costs_other"
    message = _(
        "Tax and shipping were worked out for the address you paid for, and would be others there. Cancel this order, "
        "and place it again with the new address."
    )


class RefundsExceedTotal(Conflict):
    """More would go back than was ever paid. Facts: `order`, `left_cents`."""

    code = "orders.refunds_exceed_total"
    message = _("That is more than is left to refund on this order.")


class NewsUnclear(Invalid):
    """Not one of the ways in which the team can hear of new orders."""

    code = "orders.news_unclear"
    message = _("Choose how you want to hear of new orders.")
