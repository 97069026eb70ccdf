"""Who waits for what, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing
from django.db.models import F, Q

from kidspetite.foundation.accounts import queries as people
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.notifications.models import Message
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.models import Product
from kidspetite.goods.inventory.errors import NoSuchWait
from kidspetite.goods.inventory.models import Hold, StockLevel, Wait
from kidspetite.goods.inventory.queries import available_pieces
from kidspetite.goods.inventory.types import WaitState, WaitView

SALT = "inventory.wait"
OPEN = (Wait.Status.ASKED, Wait.Status.WAITING, Wait.Status.OFFERED)
IN_LINE = (Wait.Status.WAITING, Wait.Status.OFFERED)


def key_of(wait_id: int) -> str:
    """The end of a link that only a mailbox, or its owner's account, is given. Whoever has it says yes, takes the piece
    or ends the wait, so it proves what a confirmation has to prove."""
    return signing.dumps(wait_id, salt=SALT)


def wait_by_key(key: str) -> WaitView:
    """Raises NoSuchWait for a link that is not ours or whose row is gone."""
    try:
        wait_id = signing.loads(key, salt=SALT)
    except signing.BadSignature as error:
        raise NoSuchWait() from error
    return wait_view(wait_id)


def wait_view(wait_id: int) -> WaitView:
    """Raises NoSuchWait."""
    for view in _views(Wait.objects.filter(pk=wait_id)):
        return view
    raise NoSuchWait()


def waits_for(customer: User) -> list[WaitView]:
    """What a customer waits for, the newest first: what they asked for when signed in, and by their address as far as
    that is known to be theirs."""
    theirs = Q(customer=customer)
    if people.owns_mailbox(customer):
        theirs |= Q(address=customer.email.lower())
    found = _views(Wait.objects.filter(theirs, status__in=OPEN).order_by("-since", "-pk"))
    return [wait for wait in found if wait.is_open]


def is_waiting(customer: User, variant_id: int) -> bool:
    """Whether a customer stands in line for a piece already."""
    theirs = Q(customer=customer) | Q(address=customer.email.lower())
    return any(stands(wait) for wait in Wait.objects.filter(theirs, variant_id=variant_id, status__in=IN_LINE))


def stands(wait: Wait) -> bool:
    """Whether somebody is in line, or has a piece set aside just now."""
    return wait.status == Wait.Status.WAITING or wait.holder in _set_aside([wait])


def somebody_waits(variant_ids: Iterable[int]) -> bool:
    return Wait.objects.filter(variant_id__in=list(variant_ids), status=Wait.Status.WAITING).exists()


def waited_for_and_free(*, limit: int) -> list[int]:
    """Variants for sale that somebody waits for and that have a free piece, by their ids."""
    has_one = StockLevel.objects.filter(on_hand__gt=F("reserved")).values("variant_id")
    waits = Wait.objects.filter(status=Wait.Status.WAITING, variant__in=has_one, variant__is_active=True)
    waits = waits.filter(variant__product__status=Product.Status.ACTIVE)
    return list(waits.order_by("variant_id").values_list("variant_id", flat=True).distinct()[:limit])


def is_offer_open(subject_key: str) -> bool:
    """Whether the letter about one offer, `wait:12:3`, still tells the truth: a piece is set aside for this offer, and
    it can be bought."""
    _name, wait_id, number = subject_key.split(":")
    wait = Wait.objects.filter(pk=wait_id, offers=number, status=Wait.Status.OFFERED).first()
    if wait is None or not _set_aside([wait]):
        return False
    return catalog.variants_for_sale([wait.variant_id])[wait.variant_id].is_for_sale


def was_told(wait: Wait) -> bool:
    """Whether the letter about the latest offer has left."""
    told = letters.messages_about(subject_of(wait.pk, wait.offers))
    return any(message.status == Message.Status.SENT for message in told)


def subject_of(wait_id: int, offer: int) -> str:
    return f"wait:{wait_id}:{offer}"


def _views(waits: Iterable[Wait]) -> list[WaitView]:
    rows = list(waits)
    pieces = catalog.variants_for_sale({row.variant_id for row in rows})
    free = available_pieces({row.variant_id for row in rows})
    set_aside = _set_aside(rows)
    return [
        WaitView(
            id=row.pk, key=key_of(row.pk), piece=pieces[row.variant_id], address=row.address,
            state=_state(row, set_aside), why=row.why,
            since=row.since, until=row.offered_until, taken_by=row.taken_by, free=free[row.variant_id],
        )
        for row in rows
    ]  # fmt: skip


def _set_aside(waits: Iterable[Wait]) -> set[str]:
    """The holders among these whose piece is held now: not past its end, nor lost to a count of the shelf."""
    holders = [wait.holder for wait in waits if wait.status == Wait.Status.OFFERED]
    held = Hold.objects.filter(holder__in=holders, expires_at__gt=clock.now())
    return set(held.values_list("holder", flat=True)) if holders else set()


def _state(wait: Wait, set_aside: set[str]) -> WaitState:
    """An offer is over when its piece is no longer held, whenever the job comes by that notes it."""
    is_over = wait.status == Wait.Status.OFFERED and wait.holder not in set_aside
    return WaitState.MISSED if is_over else WaitState(wait.status)
