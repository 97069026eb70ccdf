from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Conflict, Forbidden, Invalid


class PriceChanged(Conflict):
    """What it costs now is not what the shopper saw. Facts: `total_cents`, `expected_total_cents`."""

    code = "checkout.price_changed"
    message = _("The total has changed since you looked. Nothing was charged; see the new one and confirm it.")


class CreditChanged(Conflict):
    """Store credit pays another part of the total than the shopper saw, as after a purchase in another tab. Facts:
    `credit_cents`, `expected_credit_cents`."""

    code = "checkout.credit_changed"
    message = _("Your store credit has changed since you looked. Nothing was charged; see what is left to pay.")


class CreditNeedsAccount(Forbidden):
    """Store credit belongs to an account; only its owner, signed in, may spend it."""

    code = "checkout.credit_needs_account"
    message = _("Store credit is for the one it belongs to. Sign in to use it.")


class EmptyCart(Conflict):
    """There is nothing in the basket to buy."""

    code = "checkout.empty_cart"
    message = _("Your basket is empty. Put something in it first.")


class CartClosed(Conflict):
    """This basket was bought already. Facts: `order_number`, when it is known."""

    code = "checkout.cart_closed"
    message = _("This basket has been bought already. Its order is in your mail.")


class PaymentRunning(Conflict):
    """Another attempt to pay this basket has no answer yet. Facts: `order_number`."""

    code = "checkout.payment_running"
    message = _("A payment for this basket is under way. Wait for its answer before you start another.")


class SoldOutWhilePaying(Conflict):
    """The bank took its time, and the last piece went; the money goes back. Facts: `order_number`."""

    code = "checkout.sold_out_while_paying"
    message = _("The last piece went while your bank was answering. What was charged goes back in full.")


class OrderEnded(Conflict):
    """The order was cancelled before its payment came through; what came goes back. Facts: `order_number`."""

    code = "checkout.order_ended"
    message = _("This order was cancelled before its payment came through. What was charged goes back in full.")


class PurchaseInvalid(Invalid):
    """Fields of a purchase need another look; `errors` name them all."""

    code = "checkout.invalid"
    message = _("Some of the details need another look.")


# The sentences beside fields. They stand here and not in rules.py, which knows nothing of translation.
NEEDED = {
    "email": _("We need a mail address, for the order's confirmation."),
    "shipping_address": _("We need an address to send it to."),
    "shipping_address.name": _("Whose name goes on the parcel?"),
    "shipping_address.line1": _("We need a street and a number."),
    "shipping_address.city": _("We need a city."),
    "shipping_address.state": _("We need a state."),
    "shipping_address.postal_code": _("We need a ZIP code."),
    "shipping_method": _("Choose how we send it."),
    "payment": _("Choose how you pay."),
    "payment.provider": _("Choose how you pay."),
    "payment.token": _("We need your card, or another way to pay."),
}
NOT_TEXT = _("This must be text.")
NOT_A_GROUP = _("This must be a group of fields.")
CONTROL_CHARACTERS = _("There is an invisible character in here that we cannot print. Type it again.")
TOO_LONG = _("That is {length} characters. There is room for {limit}.")
NO_AT = _("A mail address has an @ in it, such as maya@home.example.")
NOT_AN_EMAIL = _("“{value}” is not a mail address we can write to. Check for spaces and missing dots.")
STATE_UNKNOWN = _("We do not know the state “{value}”. Use its name or its two letters.")
ZIP_DIGITS = _("ZIP {value} has {count} digits. A US ZIP has five.")
COUNTED = {1: _("one"), 2: _("two"), 3: _("three"), 4: _("four"), 6: _("six"), 7: _("seven"), 8: _("eight")}
ZIP_ONE_DIGIT = _("ZIP {value} has one digit. A US ZIP has five.")
ZIP_SHAPE = _("“{value}” is not a ZIP. A US ZIP has five digits, such as 94107.")
NOT_OUR_COUNTRY = _("We send to the United States and its territories only.")
PHONE = _("“{value}” is not a phone number we can call. Leave it empty if you like.")
NO_ACCOUNT = _("A card can be saved in an account only. Sign in, or pay without saving it.")
NOT_CENTS = _("This must be a whole number of cents, or null.")
