"""What a phone is told of an order: one line for each state, short enough to be one text."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from kidspetite.foundation.accounts.messages import letterhead
from kidspetite.foundation.notifications.types import Text
from kidspetite.sales.orders.types import OrderView


def guard_of(state: str) -> str:
    """The name under which a text about this state asks whether the order is still in it."""
    return f"orders.text_{state}"


def order_text(order: OrderView, state: str, *, to: str) -> Text:
    """Told once for each of paid, shipped and delivered."""
    facts = {
        "shop": letterhead().shop_name, "number": order.number, "url": f"{settings.BASE_URL}/orders/{order.token}",
        "carrier": next((parcel.carrier_name for parcel in order.parcels if parcel.carrier_name), ""),
    }  # fmt: skip
    if state == "shipped":
        by = _("%(shop)s: Order %(number)s is on its way with %(carrier)s. Follow it: %(url)s")
        words = by if facts["carrier"] else _("%(shop)s: Order %(number)s is on its way. Follow it: %(url)s")
    elif state == "delivered":
        words = _("%(shop)s: Order %(number)s has arrived. %(url)s")
    else:
        words = _("%(shop)s: Order %(number)s is paid. We pack it now. %(url)s")
    return Text(
        key=f"order-text-{state}:{order.number}", kind=f"order-text-{state}", to=to, words=words % facts,
        subject_key=f"order:{order.number}", guard=guard_of(state), place=order.ship_to.postal_code,
    )  # fmt: skip
