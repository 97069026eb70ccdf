"""The letters this room writes."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kidspetite.foundation.accounts.messages import letterhead
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications import messages as letters
from kidspetite.foundation.notifications.types import (
    Button,
    Facts,
    Goods,
    GoodsLine,
    Letter,
    Paragraph,
    Part,
    PencilMarks,
    Quotation,
    Sheet,
)
from kidspetite.foundation.ui import formats
from kidspetite.sales.orders.types import SOLD_OUT, Cancellation, OrderView, WayBack

DAYS_TO_CARD = _("five to ten days")


def order_confirmation(order: OrderView) -> Letter:
    """Told once, when the order is paid."""
    parts: list[Part] = [
        Paragraph(_("Your order %(number)s is paid. We pack it now.") % {"number": order.number}),
        *_arrival(order),
        Button(_("See your order"), _order_url(order)),
        _bill(order),
        *_gift(order),
        Facts(((_("Going to"), order.ship_to.lines), (_("By"), (order.shipping_label,)))),
    ]
    sheet = Sheet(
        title=_("Thank you. It is ours to pack now."),
        preheader=_("Order %(number)s, %(total)s, paid.")
        % {"number": order.number, "total": formats.money(order.total)},
        parts=tuple(parts),
        footnote=_("Something wrong? Until it leaves our house you can cancel it on the order's page."),
    )
    return _letter(order, sheet, "order-confirmation", _("Your order %(number)s") % {"number": order.number})


def order_shipped(order: OrderView) -> Letter:
    """Told once, when the first parcel leaves."""
    rows = [
        (parcel.carrier_name, tuple(text for text in (parcel.tracking_number, parcel.tracking_url) if text))
        for parcel in order.parcels
    ]
    days = {mark.kind: mark.at for mark in order.marks}
    steps = ((_("Ordered"), days.get("placed")), (_("Left our house"), days.get("shipped")), (_("Delivered"), None))
    sheet = Sheet(
        title=_("It is on its way."),
        preheader=_("Order %(number)s has left our house.") % {"number": order.number},
        parts=(
            Paragraph(_("Your order %(number)s has left our house.") % {"number": order.number}),
            *_arrival(order),
            PencilMarks(steps),
            *([Facts(tuple(rows))] if rows else []),
            Button(_("Follow it"), _order_url(order)),
            _bill(order),
        ),
    )
    return _letter(order, sheet, "order-shipped", _("Order %(number)s is on its way") % {"number": order.number})


def order_delivered(order: OrderView, *, return_days: int) -> Letter:
    """Told once, when the last of its parcels has arrived."""
    days = {mark.kind: mark.at for mark in order.marks}
    steps = ((_("Ordered"), days.get("placed")), (_("Left our house"), days.get("shipped")),
             (_("Delivered"), days.get("delivered")))  # fmt: skip
    words = _("Your order %(number)s has arrived.") % {"number": order.number}
    back = _("Not the right size? You have %(days)d days to send it back.") % {"days": return_days}
    sheet = Sheet(
        title=_("It has arrived."),
        preheader=words,
        parts=(
            Paragraph(words),
            PencilMarks(steps),
            *([Paragraph(back)] if return_days else []),
            Button(_("See the order"), _order_url(order)),
            _bill(order),
        ),
        footnote=_("Not at your door? Look where parcels are left at yours, ask next door, then answer this mail."),
    )
    return _letter(order, sheet, "order-delivered", _("Order %(number)s has arrived") % {"number": order.number})


def order_cancelled(order: OrderView, ended: Cancellation) -> Letter:
    """Told once, when an order ends that was paid, or whose payment we had promised to check."""
    words = _("Your order %(number)s is cancelled.") % {"number": order.number}
    why = _("The last pieces went before your payment came through.") if ended.reason == SOLD_OUT else ""
    money = (
        _what_comes_back(order)
        if ended.money_comes_back
        else _("No money was taken. Should your bank show it as reserved, it lets go by itself.")
    )
    sheet = Sheet(
        title=_("Your order is cancelled."),
        preheader=words,
        parts=(
            Paragraph(f"{words} {why}".strip()),
            Paragraph(money),
            Button(_("See the order") if ended.money_comes_back else _("Back to your basket"), _order_url(order)),
            _bill(order),
        ),
    )
    return _letter(order, sheet, "order-cancelled", _("Order %(number)s is cancelled") % {"number": order.number})


def order_readdressed(order: OrderView, *, mark_id: int) -> Letter:
    """Told once for every correction."""
    words = _("Your order %(number)s goes to another address now.") % {"number": order.number}
    sheet = Sheet(
        title=_("We changed where it goes."),
        preheader=words,
        parts=(
            Paragraph(words),
            Facts(((_("Going to"), order.ship_to.lines),)),
            Button(_("See the order"), _order_url(order)),
        ),
        footnote=_("If that was not you, open the order and correct it, or answer this mail."),
    )
    subject = _("Order %(number)s goes to another address") % {"number": order.number}
    return _letter(order, sheet, "order-readdressed", subject, suffix=f":{mark_id}")


def order_refunded(order: OrderView, amount: Money, *, so_far: Money, way: WayBack) -> Letter:
    """Told once for every sum that goes back; the key holds the sum refunded so far."""
    facts = {"number": order.number, "amount": formats.money(amount), "days": DAYS_TO_CARD}
    if way is WayBack.STORE_CREDIT:
        title = _("Your store credit is there.")
        words = _("We gave back %(amount)s of your order %(number)s. It is in your store credit now.") % facts
    elif way is WayBack.LET_GO:
        title = _("We took less than your bank held.")
        words = (
            _("Your bank held %(amount)s more for your order %(number)s than we took. It lets that go by itself.")
            % facts
        )
    else:
        title = _("Your money is on its way back.")
        words = _("We gave back %(amount)s of your order %(number)s. It reaches you in %(days)s.") % facts
    sums = ((_("Paid"), order.total), (_("Given back so far"), so_far))
    sheet = Sheet(
        title=title,
        preheader=words,
        parts=(Paragraph(words), Goods((), sums), Button(_("See the order"), _order_url(order))),
    )
    subject = _("%(amount)s back for order %(number)s") % facts
    if way is WayBack.LET_GO:
        subject = _("%(amount)s less for order %(number)s") % facts
    return _letter(order, sheet, "order-refunded", subject, suffix=f":{so_far.minor}")


def payment_failed(order: OrderView) -> Letter:
    """Told once, when an attempt failed after the shopper had been sent away or told to wait, and they are gone."""
    words = _("The payment for your order %(number)s did not come through. Nothing was charged.") % {
        "number": order.number
    }
    sheet = Sheet(
        title=_("Your order is not paid yet."),
        preheader=words,
        parts=(
            Paragraph(words),
            Paragraph(_("Your basket is safe. You can pay the order from its page, in the same way or another one.")),
            Button(_("Pay this order"), _order_url(order)),
            _bill(order),
        ),
        footnote=_("Changed your mind? Then do nothing; the order ends by itself."),
    )
    return _letter(order, sheet, "payment-failed", _("Order %(number)s is not paid yet") % {"number": order.number})


def refund_failed(order: OrderView, amount: Money, *, to: str, mark: int) -> Letter:
    """Told to staff, once for every refund that came back."""
    facts = {"number": order.number, "amount": formats.money(amount)}
    words = _("A refund of %(amount)s for order %(number)s came back from the customer's bank.") % facts
    sheet = Sheet(
        title=_("A refund came back."),
        preheader=words,
        parts=(
            Paragraph(words),
            Paragraph(_("It counts as paid again. Ask %(mail)s for another way.") % {"mail": order.email}),
            Button(_("See the order"), f"{settings.BASE_URL}/admin/orders/{order.number}"),
        ),
    )
    subject = _("A refund for order %(number)s came back") % facts
    return _letter(order, sheet, "refund-failed", subject, suffix=f":{mark}", to=to)


def _letter(order: OrderView, sheet: Sheet, kind: str, subject: str, *, suffix: str = "", to: str = "") -> Letter:
    with timezone.override(content.shop_zone()):
        return letters.letter(
            sheet,
            head=letterhead(),
            key=f"{kind}:{order.number}{suffix}",
            kind=kind,
            to=to or order.email,
            subject=subject,
            subject_key=f"order:{order.number}",
            facts={"order_number": order.number, "order_url": _order_url(order), "total": formats.money(order.total)},
        )


def _order_url(order: OrderView) -> str:
    return f"{settings.BASE_URL}/orders/{order.token}"


def _bill(order: OrderView) -> Goods:
    lines = tuple(
        GoodsLine(line.name, ", ".join(filter(None, (line.size, line.colour))), line.quantity, line.line_total)
        for line in order.lines
    )
    sums: list[tuple[str, Money | str]] = [(_("Subtotal"), order.subtotal)]
    sums += [(one.name, -one.amount) for one in order.discounts if one.amount]
    sums += [(_("Shipping"), order.shipping or _("free")), (_("Tax"), order.tax), (_("Total"), order.total)]
    if len(order.tenders) > 1 or any(one.is_credit for one in order.tenders):
        sums += [(_("Paid with %(label)s") % {"label": one.label}, one.amount) for one in order.tenders]
    return Goods(lines, tuple(sums))


def _what_comes_back(order: OrderView) -> str:
    credit = Money.total((one.amount for one in order.tenders if one.is_credit), order.total.currency)
    facts = {
        "total": formats.money(order.total), "credit": formats.money(credit),
        "rest": formats.money(order.total - credit), "days": DAYS_TO_CARD,
    }  # fmt: skip
    if not credit:
        return (
            _("We give back all of it: %(total)s. It reaches you in %(days)s; what your bank only held, it lets go.")
            % facts
        )
    if credit == order.total:
        return _("We give back all of it: %(total)s, into your store credit.") % facts
    return (
        _("We give back all of it: %(credit)s into your store credit, and %(rest)s, which reaches you in %(days)s.")
        % facts
    )


def _arrival(order: OrderView) -> list[Part]:
    if not (order.arrives_from and order.arrives_to):
        return []
    first, last = formats.day(order.arrives_from, "weekday"), formats.day(order.arrives_to, "weekday")
    if first == last:
        return [Paragraph(_("It should arrive on %(day)s.") % {"day": first})]
    return [Paragraph(_("It should arrive between %(first)s and %(last)s.") % {"first": first, "last": last})]


def _gift(order: OrderView) -> list[Part]:
    words: list[Part] = [Quotation(_("Your gift message"), order.gift_message)] if order.gift_message else []
    return [*words, Paragraph(_("The paper in the parcel shows no prices."))] if order.gift_receipt else words
