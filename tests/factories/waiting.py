"""People who stand in line for what is gone, and what the worker would do for them."""

from __future__ import annotations

import re

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.notifications.models import Message
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory.models import Wait


def in_line(variant: Variant, *addresses: str) -> list[Wait]:
    """These addresses have asked for a piece that is gone, and said yes in their mail, one after the other."""
    return [_in_line(variant, address) for address in addresses]


def _in_line(variant: Variant, address: str) -> Wait:
    inventory.ask_to_wait(variant.sku, address=address)
    wait = Wait.objects.get(variant=variant, address=address)
    inventory.confirm_wait(wait.pk)
    wait.refresh_from_db()
    return wait


def people(count: int) -> list[str]:
    return [f"parent{number}@home.example" for number in range(count)]


def told() -> list[str]:
    """Who was written to that a piece is back, in order."""
    return list(Message.objects.filter(kind="back-in-stock").order_by("pk").values_list("to", flat=True))


def link_to_wait(kind: str = "back-in-stock", to: str = "") -> str:
    """The link in the latest letter of a kind."""
    letters = Message.objects.filter(kind=kind, **({"to": to} if to else {}))
    found = re.search(r"/back-in-stock/\S+", letters.latest("pk").text)
    assert found is not None
    return found.group()


def a_proven_customer(address: str = "maya@home.example") -> User:
    user = User.objects.create_user(address, name="Maya Alvarez")
    user.emailaddress_set.create(email=address, primary=True, verified=True)  # type: ignore[attr-defined]
    return user
