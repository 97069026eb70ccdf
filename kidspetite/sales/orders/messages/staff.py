"""Letters to the team about new orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kidspetite.foundation.accounts.messages import letterhead
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications import messages as letters
from kidspetite.foundation.notifications.types import (
    Button,
    Goods,
    GoodsLine,
    Letter,
    Paragraph,
    Part,
    Quotation,
    Sheet,
)
from kidspetite.foundation.ui import formats
from kidspetite.sales.orders.models import Order
from kidspetite.sales.orders.types import OrderView

GUARD = "orders.news"
MOST_LINES = 40


def new_order(order: OrderView, reader: User) -> Letter:
    """To one of the team: an order is paid and waits to be packed."""
    facts = {
        "number": order.number, "total": formats.money(order.total), "name": order.ship_to.name,
        "city": order.ship_to.city, "state": order.ship_to.state, "how": order.shipping_label,
    }  # fmt: skip
    lines = tuple(
        GoodsLine(
            line.name, ", ".join(filter(None, (line.size, line.colour, line.sku))), line.quantity, line.line_total
        )
        for line in order.lines
    )
    gift: list[Part] = [Quotation(_("A card to put in"), order.gift_message)] if order.gift_message else []
    sheet = Sheet(
        title=_("An order to pack."),
        preheader=_("%(number)s, %(total)s, to %(city)s, %(state)s.") % facts,
        parts=(
            Paragraph(
                _("%(number)s is paid: %(total)s. It goes to %(name)s in %(city)s, %(state)s, by %(how)s.") % facts
            ),
            Button(_("Open the order"), f"{settings.BASE_URL}/admin/orders/{order.number}"),
            *gift,
            Goods(lines, ((_("Total"), order.total),)),
        ),
        footnote=_way_out(),
    )
    return _letter(sheet, reader, "new-order", order.number, _("New order %(number)s, %(total)s") % facts)


def daily_orders(orders: Sequence[Order], reader: User, *, until: datetime) -> Letter:
    """To one of the team: what was paid since the last such letter."""
    total = Money.total((order.total for order in orders), orders[0].currency)
    facts = {"n": len(orders), "total": formats.money(total)}
    words = ngettext("%(n)d order, %(total)s.", "%(n)d orders, %(total)s.", len(orders)) % facts
    lines = tuple(
        GoodsLine(order.number, f"{order.shipping_address['name']}, {order.shipping_address['city']}", 0, order.total)
        for order in orders[:MOST_LINES]
    )
    with timezone.override(content.shop_zone()):
        when = formats.day_and_time(until)
    more = len(orders) - MOST_LINES
    rest: list[tuple[str, Money | str]] = []
    if more > 0:
        beyond = Money.total((order.total for order in orders[MOST_LINES:]), orders[0].currency)
        rest = [(ngettext("%(n)d more", "%(n)d more", more) % {"n": more}, beyond)]
    sheet = Sheet(
        title=words,
        preheader=_("What was paid since the last letter."),
        parts=(
            Paragraph(_("Paid since the last letter, up to %(when)s.") % {"when": when}),
            Button(_("Open what is to ship"), f"{settings.BASE_URL}/admin/orders?view=to-ship"),
            Goods(lines, (*rest, (_("Together"), total))),
        ),
        footnote=_way_out(),
    )
    subject = ngettext("%(n)d new order, %(total)s", "%(n)d new orders, %(total)s", len(orders)) % facts
    return _letter(sheet, reader, "daily-orders", f"{until:%Y-%m-%d}", subject)


def reader_of(subject_key: str) -> int:
    """Whom a letter to the team is for."""
    return int(subject_key.split(":")[1])


def _letter(sheet: Sheet, reader: User, kind: str, about: str, subject: str) -> Letter:
    return letters.letter(
        sheet, head=letterhead(), key=f"{kind}:{about}:{reader.pk}", kind=kind, to=reader.email, subject=subject,
        subject_key=f"staff:{reader.pk}:{about}", guard=GUARD,
        facts={"desk_url": f"{settings.BASE_URL}/admin/"},
    )  # fmt: skip


def _way_out() -> str:
    return _("Each order, one letter a day, or none: choose under Letters to you, in the back office.")
