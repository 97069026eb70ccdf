"""Standing in line for what is gone: asked for, confirmed, and served in waves as large as what came.

Whoever is offered a piece has it held for half an hour. Levels are locked before the rows of those who wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from kidspetite.foundation.accounts import queries as people
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.mail import mail_address
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.notifications.errors import NotAnAddress
from kidspetite.foundation.notifications.types import Topic, Wish
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.foundation.plumbing.recipes import AnyOf, Given, Recipe
from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.errors import UnknownSku
from kidspetite.goods.catalog.models import Product
from kidspetite.goods.catalog.types import VariantFacts
from kidspetite.goods.inventory import messages
from kidspetite.goods.inventory.errors import HereAlready, NoSuchWait, NotSoldAnyMore, OfferGone, TooManyWaits
from kidspetite.goods.inventory.events import PiecesFree, PiecesOffered
from kidspetite.goods.inventory.models import Wait
from kidspetite.goods.inventory.operations.shelf import Shelf, lock_shelf
from kidspetite.goods.inventory.queries import available_pieces
from kidspetite.goods.inventory.queries.waiting import IN_LINE, OPEN, stands, wait_view, waited_for_and_free, was_told

OFFERED_FOR = timedelta(minutes=30)
CONFIRMED_WITHIN = timedelta(days=14)
KEPT = timedelta(days=90)
MOST_UNCONFIRMED, MOST_WAITS = 10, 50
AT_ONCE = 100
# After so many offers in a row whose letter never left, we stop keeping a piece back for somebody we cannot reach.
MOST_UNHEARD = 3

Status, Why = Wait.Status, Wait.Why

# Every order asks, and next to none of them finds anybody. A guest's null equals no customer.
_WAITS_OF = Recipe(
    lambda: (
        Wait.objects.select_for_update(of=["self"])
        .filter(
            Q(address=Given("address")) | Q(customer=Given("customer")),
            AnyOf("variant", Given("variants")),
            status__in=OPEN,
        )
        .order_by("pk")
    )
)


@transaction.atomic
def ask_to_wait(sku: str, *, address: str, customer: User | None = None) -> None:
    """Somebody typed an address: its owner is asked by mail, once a day at most. Nothing tells whether it was known.

    Raises NotAnAddress, UnknownSku, NotSoldAnyMore, HereAlready or TooManyWaits.
    """
    to = mail_address(address.strip())
    if to is None:
        raise NotAnAddress()
    wait = _row(_piece_gone(sku), to.lower())
    if stands(wait):
        return
    asked = Wait.objects.filter(address=wait.address, status=Status.ASKED).exclude(pk=wait.pk)
    if asked.count() >= MOST_UNCONFIRMED:
        raise TooManyWaits()
    _become(wait, Status.ASKED, customer=customer or wait.customer)
    notifications.send_message(messages.wait_confirmation(wait_view(wait.pk)))


@transaction.atomic
def wait_for(sku: str, *, customer: User) -> bool:
    """A customer wants to be told. False when their mailbox has to say yes first, and has been asked.

    Raises UnknownSku, NotSoldAnyMore, HereAlready or TooManyWaits.
    """
    if not people.owns_mailbox(customer):
        ask_to_wait(sku, address=customer.email, customer=customer)
        return False
    wait = _row(_piece_gone(sku), customer.email.lower())
    if Wait.objects.filter(address=wait.address, status__in=IN_LINE).exclude(pk=wait.pk).count() >= MOST_WAITS:
        raise TooManyWaits()
    _stand_in_line(wait, source="account", customer=customer)
    return True


@transaction.atomic
def confirm_wait(wait_id: int) -> None:
    """The mailbox says yes, or yes once more: it stands in line from now on. Twice is once. If a piece is here by now,
    it is the next to be told. Raises NoSuchWait."""
    _stand_in_line(_locked(wait_id), source="mail")


@transaction.atomic
def end_wait(wait_id: int) -> None:
    """Not wanted any more; a piece that was set aside is free. Twice is once. Raises NoSuchWait. Locks the level."""
    variant_id = _variant_of(wait_id)
    shelf = lock_shelf([variant_id], asking=(f"wait:{wait_id}",))
    wait = _locked(wait_id)
    if wait.status in OPEN:
        _end(wait, Why.BY_HAND, shelf)
        shelf.put_back()


@one_transaction()
def end_waits_of(address: str, variant_ids: Iterable[int], *, customer_id: int | None) -> None:
    """They have bought these pieces: nothing is left to tell. Expects their levels under lock, as a sale leaves it."""
    bought = _WAITS_OF.rows(address=address.lower(), customer=customer_id, variants=list(variant_ids))
    if not bought:
        return
    shelf = lock_shelf({wait.variant_id for wait in bought}, asking=[wait.holder for wait in bought])
    for wait in bought:
        _end(wait, Why.BOUGHT, shelf)
    shelf.put_back()


@transaction.atomic
def offer_pieces(variant_ids: Iterable[int]) -> int:
    """Set a free piece aside for each of those who are first in line, as many as there are pieces, and tell who they
    are; gives their number. Nobody is offered what is not for sale. Locks the levels, so that two at once share."""
    for_sale = [pk for pk, piece in catalog.variants_for_sale(variant_ids).items() if piece.is_for_sale]
    if not for_sale:
        return 0
    shelf, until = lock_shelf(for_sale), clock.now() + OFFERED_FOR
    offers: list[tuple[int, int]] = []
    for variant_id in shelf.levels:
        for wait in _first_in_line(variant_id, pieces=min(shelf.free(variant_id), AT_ONCE)):
            shelf.hold(wait.holder, variant_id, 1, until=until)
            _become(wait, Status.OFFERED, offers=wait.offers + 1, offered_until=until, since=wait.since)
            offers.append((wait.pk, wait.offers))
    shelf.put_back()
    if offers:
        publish(PiecesOffered(tuple(offers)))
    return len(offers)


@transaction.atomic
def tell_of_offer(wait_id: int, offer: int) -> None:
    """Write the letter about one offer; none when it is no longer the one that stands."""
    if Wait.objects.filter(pk=wait_id, offers=offer, status=Status.OFFERED).exists():
        notifications.send_message(messages.back_in_stock(wait_view(wait_id), offer=offer))


@transaction.atomic
def hand_over(wait_id: int, *, to: str, until: datetime, client: str = "") -> None:
    """The piece that was set aside goes to another holder, a basket, on top of what that holds, past any cap; once.

    It is held at least as long as it was promised. Raises OfferGone when it is not set aside any more. Locks the level.
    """
    variant_id = _variant_of(wait_id)
    shelf = lock_shelf([variant_id], asking=(f"wait:{wait_id}", to))
    wait = _locked(wait_id)
    is_open = wait.status == Status.OFFERED and wait.offered_until is not None and wait.offered_until > shelf.now
    if not is_open or not shelf.held_by(wait.holder, variant_id):
        raise OfferGone()
    assert wait.offered_until is not None
    shelf.let_go(wait.holder, variant_id, reason="taken")
    until = max(until, wait.offered_until)
    shelf.hold(to, variant_id, shelf.held_by(to, variant_id) + 1, until=until, client=client)
    shelf.put_back()
    _become(wait, Status.TAKEN, taken_by=to)


@transaction.atomic
def note_taken(wait_id: int, *, by: str) -> None:
    """They came late, and found a free piece all the same."""
    wait = _locked(wait_id)
    if wait.status in (*OPEN, Status.MISSED):
        _become(wait, Status.TAKEN, taken_by=by)


@transaction.atomic
def settle_offers() -> int:
    """Offers that are past their end, all or some of them: who was told has missed it; who was not, because no letter
    left in time, keeps their place in line. Gives their number."""
    over = Wait.objects.filter(status=Status.OFFERED, offered_until__lte=clock.now())
    settled = list(over.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE])
    for wait in settled:
        if was_told(wait) or wait.unheard + 1 >= MOST_UNHEARD:
            _become(wait, Status.MISSED)
        else:
            _become(wait, Status.WAITING, unheard=wait.unheard + 1, since=wait.since)
    return len(settled)


def offer_what_is_free() -> int:
    """Serve everybody for whom a piece is here, wherever an event was missed; a transaction a variant. Gives their
    number."""
    return sum(offer_pieces([variant_id]) for variant_id in waited_for_and_free(limit=AT_ONCE))


@transaction.atomic
def tidy_waits() -> None:
    """End the waits for what is archived; forget what was never confirmed, and what has long been over."""
    now = clock.now()
    archived = Wait.objects.filter(variant__product__status=Product.Status.ARCHIVED)
    Wait.objects.filter(pk__in=archived.filter(status__in=(Status.ASKED, Status.WAITING)).values("pk")).update(
        status=Status.ENDED, why=Why.ARCHIVED, since=now
    )
    Wait.objects.filter(status=Status.ASKED, since__lt=now - CONFIRMED_WITHIN).delete()
    Wait.objects.exclude(status__in=OPEN).filter(since__lt=now - KEPT).delete()


def _piece_gone(sku: str) -> VariantFacts:
    found = catalog.variants_for_sale([sku]) if sku.isprintable() else {}
    for piece in found.values():
        if not piece.is_for_sale:
            raise NotSoldAnyMore(sku=sku)
        if available_pieces([piece.id])[piece.id]:
            raise HereAlready(sku=sku)
        return piece
    raise UnknownSku(sku=sku)


def _row(piece: VariantFacts, address: str) -> Wait:
    """The row of an address and a variant, under lock."""
    first = {"status": Status.ENDED, "why": Why.BY_HAND, "since": clock.now()}
    wait, _is_new = Wait.objects.get_or_create(variant_id=piece.id, address=address, defaults=first)
    return _locked(wait.pk)


def _variant_of(wait_id: int) -> int:
    variant_id = Wait.objects.filter(pk=wait_id).values_list("variant_id", flat=True).first()
    if variant_id is None:
        raise NoSuchWait()
    return variant_id


def _locked(wait_id: int) -> Wait:
    wait = Wait.objects.select_for_update().filter(pk=wait_id).first()
    if wait is None:
        raise NoSuchWait()
    return wait


def _stand_in_line(wait: Wait, *, source: str, customer: User | None = None) -> None:
    notifications.set_consent(Wish(wait.address, Topic.BACK_IN_STOCK), wanted=True, source=source)
    if stands(wait):
        return
    _become(wait, Status.WAITING, customer=customer or wait.customer, unheard=0)
    if available_pieces([wait.variant_id])[wait.variant_id]:
        publish(PiecesFree((wait.variant_id,)))


def _first_in_line(variant_id: int, *, pieces: int) -> list[Wait]:
    """Those who have waited longest and may be written to, under lock. The others' wait ends."""
    first: list[Wait] = []
    line = Wait.objects.select_for_update().filter(variant_id=variant_id, status=Status.WAITING)
    while len(first) < pieces:
        following = list(
            line.exclude(pk__in=[wait.pk for wait in first]).order_by("since", "pk")[: pieces - len(first)]
        )
        if not following:
            break
        welcome = letters.welcome_among({wait.address for wait in following}, Topic.BACK_IN_STOCK)
        for wait in following:
            if wait.address in welcome:
                first.append(wait)
            else:
                _become(wait, Status.ENDED, why=Why.UNWELCOME)
    return first


def _end(wait: Wait, why: str, shelf: Shelf) -> None:
    shelf.let_go(wait.holder, wait.variant_id, reason="given up")
    _become(wait, Status.ENDED, why=why)


def _become(wait: Wait, status: str, **facts: object) -> None:
    changed = {"status": status, "why": "", "since": clock.now(), **facts}
    for name, value in changed.items():
        setattr(wait, name, value)
    wait.save(update_fields=list(changed))
