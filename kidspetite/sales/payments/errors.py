from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Conflict, FieldError, Invalid, NotFound, Unavailable

DECLINED = {
    "insufficient_funds": _(
        "The card has not enough on it; nothing was charged. Try another card. Your basket is safe."
    ),
    "expired_card": _("The card has expired; nothing was charged. Try another card. Your basket is safe."),
    "authentication_failed": _("Your bank did not confirm it; nothing was charged. Try again, or another card."),
    "gateway_refused": _(
        "We cannot take cards for a moment; nothing was charged. Try again soon. Your basket is safe."
    ),
    "card_declined": _("Your bank said no; nothing was charged. Try another card. Your basket is safe."),
    "incorrect_cvc": _("The code on the card does not fit; nothing was charged. Type it again. Your basket is safe."),
    "incorrect_number": _("The card number is not right; nothing was charged. Type it again. Your basket is safe."),
    "processing_error": _("Your bank stumbled; nothing was charged. Try again in a moment. Your basket is safe."),
    "card_velocity_exceeded": _(
        "The card has reached its limit; nothing was charged. Try another card. Your basket is safe."
    ),
    "paypal_declined": _(
        "PayPal could not charge what you chose there; nothing was charged. Choose another way in PayPal, or pay by "
        "card. Your basket is safe."
    ),
    "token_gone": _("What you typed has expired; nothing was charged. Type the card once more. Your basket is safe."),
    "card_gone": _("That card is kept no more; nothing was charged. Choose another. Your basket is safe."),
    "payer_gone": _("Your saved cards are kept no more; nothing was charged. Type the card. Your basket is safe."),
    "given_up": _("That attempt was given up; nothing was charged. Your basket is safe."),
}


class PaymentDeclined(Conflict):
    """The bank said no; nothing was charged: 402. Facts: `reason`, and the order it was for."""

    code = "payments.declined"
    status = 402
    message = _("Your bank said no; nothing was charged. Try another card. Your basket is safe.")

    def __init__(self, *, reason: str, **facts: Any) -> None:
        super().__init__(DECLINED.get(reason), reason=reason, **facts)


CARD_REFUSED = {
    "insufficient_funds": _("The card has not enough on it, so it was not kept. Nothing was charged."),
    "expired_card": _("The card has expired, so it was not kept. Nothing was charged."),
    "authentication_failed": _("Your bank did not confirm it, so the card was not kept. Nothing was charged."),
    "incorrect_cvc": _("The code on the card does not fit, so it was not kept. Type it again; nothing was charged."),
    "incorrect_number": _("The card number is not right, so it was not kept. Type it again; nothing was charged."),
    "token_gone": _("What you typed has expired. Type the card once more; nothing was charged."),
    "given_up": _("That was given up, so the card was not kept. Nothing was charged."),
}


class CardRefused(Conflict):
    """The bank does not let this card be kept: 402. Nothing was charged. Facts: `reason`."""

    code = "payments.card_refused"
    status = 402
    message = _("Your bank said no to this card, so it was not kept. Nothing was charged.")

    def __init__(self, *, reason: str, **facts: Any) -> None:
        super().__init__(CARD_REFUSED.get(reason), reason=reason, **facts)


class CardsUnavailable(Unavailable):
    """The provider that keeps the cards does not answer, or refuses us."""

    code = "payments.cards_unavailable"
    message = _("We cannot keep cards for a moment; nothing was charged. Try again soon.")


class NoSuchCard(NotFound):
    """This customer has no such card."""

    code = "payments.no_such_card"
    message = _("This card is not in your account.")


class UnknownMethod(Invalid):
    """A payment provider that is not switched on, or a token that is none of its."""

    code = "payments.unknown_method"
    message = _("We cannot take that payment. Choose another way to pay.")

    def __init__(self, field: str) -> None:
        super().__init__(errors=(FieldError(field, self.message),))


class GatewayUnreachable(Unavailable):
    """No answer came; whether money moved is not known."""

    code = "payments.gateway_unreachable"
    message = _("The bank does not answer. We find out what became of the payment.")


class GatewayRefused(Unavailable):
    """The provider refused us, not the shopper: a matter for whoever runs the shop."""

    code = "payments.gateway_refused"
    message = _("We cannot take cards for a moment; nothing was charged.")


class MessageRefused(Invalid):
    """A webhook that its provider cannot have sent to us now: forged, stale, for another account or mode."""

    code = "payments.message_refused"
    status = 400
    message = _("This message is not signed for us.")


class NothingHeld(Conflict):
    """There is no held payment on this order to take."""

    code = "payments.nothing_held"
    message = _("The bank holds nothing for this order, so there is nothing to take.")


class CaptureTooLarge(Conflict):
    """More would be taken than the bank holds. Facts: `held_cents`."""

    code = "payments.capture_too_large"
    message = _("That is more than the bank holds for this order.")


class RefundTooLarge(Conflict):
    """More would go back than is left of what was paid. Facts: `left_cents`."""

    code = "payments.refund_too_large"
    message = _("That is more than is left of this payment.")


class RefundUnfit(Invalid):
    """Pieces that the order does not have, or that have gone back already. `errors` name the lines by SKU; Facts:
    `left`, pieces of it that may still go back."""

    code = "payments.refund_unfit"
    message = _("Those pieces cannot go back: there are not so many left on this order.")

    def __init__(self, sku: str, *, left: int) -> None:
        super().__init__(errors=(FieldError(sku, self.message),), left=left)


class RefundMoved(Conflict):
    """Something else went back since this refund was looked at: it comes to another sum. Facts: `amount_cents`."""

    code = "payments.refund_moved"
    message = _("Something else went back meanwhile, so this comes to another sum. Look at it again; nothing was sent.")


class NoCreditHere(Conflict):
    """A refund cannot go to store credit: the order was bought as a guest."""

    code = "payments.no_credit_here"
    message = _("This order was bought without an account, so there is no store credit to put it in.")


class NotEnoughCredit(Conflict):
    """More store credit would be taken than there is. Facts: `left_cents`."""

    code = "payments.not_enough_credit"
    message = _("There is not that much store credit left.")


class BadCredit(Invalid):
    """Store credit is given or taken with an amount above zero, at most $1,000 at once, and a reason; `errors` name the
    field."""

    code = "payments.bad_credit"
    message = _("An amount of up to $1,000, and a reason.")

    def __init__(self, field: str) -> None:
        super().__init__(errors=(FieldError(field, self.message),))


class TooManyDeclines(Unavailable):
    """The bank said no so often that somebody may be trying out cards; an honest shopper waits a little. Facts:
    `retry_after`, seconds."""

    code = "payments.too_many_declines"
    status = 429
    message = _(
        "The bank has said no a few times. Wait a few minutes before the next try; your basket is safe, and nothing "
        "was charged."
    )


class NothingPaid(Conflict):
    """There is no captured payment on this order to give back."""

    code = "payments.nothing_paid"
    message = _("Nothing was paid on this order, so there is nothing to give back.")


class NoSuchChallenge(NotFound):
    """The sandbox bank knows no such question, or it has been answered."""

    code = "payments.no_such_challenge"
    message = _("This question of the bank has been answered, or was never asked.")
