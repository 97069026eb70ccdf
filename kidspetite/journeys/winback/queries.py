from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from kidspetite.foundation.accounts import queries as people
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.notifications.types import Topic, Wish
from kidspetite.foundation.plumbing.integrity import Broken, Promise, broken
from kidspetite.journeys.winback import rules
from kidspetite.journeys.winback.errors import WayBackClosed
from kidspetite.journeys.winback.models import Contact, Round
from kidspetite.journeys.winback.types import Figures, Left, Piece, Tally
from kidspetite.sales.cart import queries as carts
from kidspetite.sales.cart.models import Cart, CartLine
from kidspetite.sales.cart.types import LineView
from kidspetite.sales.orders import queries as orders

GUARD = "reminder"
WAY_BACK = "winback.way_back"


def due_people(now: datetime) -> list[str]:
    """Addresses that may be due a letter, whoever left first being first. A look without locks: each is looked at again
    under its own."""
    begun = Round.objects.filter(opened_at__gt=now - rules.REST).values("address")
    left = _left_carts(now).filter(touched_at__lte=now - rules.WAITS[0]).exclude(address__in=begun)
    asked = Q(address__in=letters.subscribers(Topic.REMINDERS).values("address"))
    customers = Q(customer_id__in=orders.buyers(since=now - rules.CUSTOMER_FOR), contact=None)
    silent = ~Q(address__in=letters.answers(Topic.REMINDERS).values("address"))
    new = left.filter(asked | customers & silent).order_by("touched_at").values_list("address", flat=True)
    waited = Q(pk__in=[])
    for told, wait in enumerate(rules.WAITS):
        waited |= Q(told=told, left_at__lte=now - wait)
    apart = Q(told_at=None) | Q(told_at__lte=now - rules.APART)
    running = Round.objects.filter(waited, apart, ended_at=None).order_by("left_at").values_list("address", flat=True)
    return list(dict.fromkeys([*running, *new]))


def left_by(address: str, now: datetime) -> Left | None:
    """What somebody left in open baskets within a week; None for nothing."""
    rows = list(_left_carts(now).filter(address=address).order_by("-touched_at", "-pk"))
    if not rows:
        return None
    customer = next((row.customer_id for row in rows if row.customer_id), None)
    return Left(address, customer, tuple(row.pk for row in rows), rows[0].touched_at)


def rests(address: str, now: datetime) -> bool:
    """Whether somebody had a round so lately that another would be too much."""
    return Round.objects.filter(address=address, opened_at__gt=now - rules.REST).exists()


def is_customer(user: User) -> bool:
    """Whether somebody is a customer of ours by what they bought, and their mailbox is known to be theirs."""
    since = clock.now() - rules.CUSTOMER_FOR
    return orders.has_bought(customer_id=user.pk, email="", since=since) and people.owns_mailbox(user)


def is_reminded(user: User) -> bool:
    """Whether we write to a customer about a basket they left: they said yes, or bought from us and never said no."""
    wish = Wish(user.email.lower(), Topic.REMINDERS)
    return letters.is_welcome(wish) or (not letters.has_answered(wish) and is_customer(user))


def is_followed(cart: Cart) -> bool:
    """Whether whoever fills this basket ticked that we may remind them of it."""
    return Contact.objects.filter(cart=cart).exists()


def is_done_buying(left: Left, *, since: datetime) -> bool:
    """Whether a person bought on any device since then: by the address, or by the account of their basket."""
    return orders.has_bought(customer_id=left.customer_id, email=left.address, since=since)


def is_buying(left: Left) -> bool:
    """Whether an order of theirs waits for its money: that has letters of its own."""
    return orders.is_buying(customer_id=left.customer_id, email=left.address)


def what_is_there(left: Left) -> tuple[Cart, tuple[Piece, ...]] | None:
    """The basket they were at last that still has something to be had, and its pieces, gone ones too; None if all of
    it is sold out, off sale or no longer wanted."""
    for cart_id in left.cart_ids:
        cart = Cart.objects.get(pk=cart_id)
        pieces = pieces_of(cart)
        if any(piece.is_there for piece in pieces):
            return cart, pieces
    return None


def pieces_of(cart: Cart) -> tuple[Piece, ...]:
    """What of a basket is still wanted, with what can be had of it now."""
    lines = carts.lines_of(cart)
    unwanted = rules.unwanted(cart.pk, {line.variant.id for line in lines})
    return tuple(_piece(line) for line in lines if line.variant.id not in unwanted)


def may_leave(subject_key: str) -> bool:
    """Whether a reminder is still wanted at the moment of sending: its person has not bought, is not buying, has not
    been back at a basket since, left something that can still be had, and it is no older than half a day."""
    told = Round.objects.filter(pk=subject_key.rpartition(":")[2]).first()
    now = clock.now()
    if told is None or told.told_at is None or now - told.told_at > rules.FRESH:
        return False
    left = left_by(told.address, now)
    if left is None or left.at > told.told_at:
        return False
    since = told.opened_at - rules.LATELY
    return not (is_buying(left) or is_done_buying(left, since=since)) and what_is_there(left) is not None


def way_back(told: Round, cart: Cart) -> str:
    """What a reminder's link carries: it opens one basket's lines, and nobody can make one up."""
    return signing.dumps([told.pk, cart.pk], salt=WAY_BACK)


def basket_left(token: str) -> Cart:
    """The open basket that a reminder leads back to. Raises WayBackClosed."""
    try:
        _, cart_id = signing.loads(token, salt=WAY_BACK, max_age=rules.LINK_WORKS)
    except (signing.BadSignature, ValueError) as error:
        raise WayBackClosed() from error
    cart = Cart.objects.filter(pk=cart_id, status=Cart.Status.OPEN).first()
    if cart is None:
        raise WayBackClosed()
    return cart


def figures() -> Figures:
    """What reminders did in the last 90 days, as far as it is known: a round counts once its week is over."""
    now = clock.now()
    since = now - rules.LOOKED_AT
    known = Round.objects.filter(opened_at__gt=since)
    over = known.filter(opened_at__lte=now - rules.MEASURED)
    return Figures(
        since=since,
        reminded=_tally(over.filter(is_held_out=False)),
        held_out=_tally(over.filter(is_held_out=True)),
        running=known.filter(opened_at__gt=now - rules.MEASURED).count(),
    )


def broken_promises() -> list[Broken]:
    return broken(PROMISES)


def _left_carts(now: datetime) -> QuerySet[Any]:
    """Open baskets with something in them and an address to write to, of the last week."""
    lines = CartLine.objects.filter(cart=OuterRef("pk"))
    return Cart.objects.filter(
        Exists(lines), status=Cart.Status.OPEN, is_demo=False, touched_at__gt=now - rules.TOO_LATE
    ).annotate(address=Lower(Coalesce("contact__address", "customer__email")))


def _piece(line: LineView) -> Piece:
    there = min(line.quantity, max(line.available, 0)) if line.is_for_sale else 0
    return Piece(line.variant, there, is_last=0 < there == line.available)


def _tally(rounds: QuerySet[Round]) -> Tally:
    told = rounds.aggregate(people=Count("pk"), bought=Count("bought_at"))
    return Tally(told["people"], told["bought"])


PROMISES = (
    Promise(
        "reminded_once_a_letter",
        "Somebody got the same reminder twice within a fortnight.",
        """select key from (
               select key, sent_at, lag(sent_at) over (partition by lower("to"), kind order by sent_at) as before
               from notifications_message where guard = 'reminder' and status = 'sent') told
           where sent_at - before < interval '14 days'""",
    ),
    # A letter that was in the postman's hand already when the money came is no breach.
    Promise(
        "no_reminder_after_buying",
        "A reminder left though its person had bought since the round began.",
        """select m.key from notifications_message m
           join winback_round r on m.subject_key = 'reminder:' || r.id
           join orders_order o on lower(o.email) = lower(m.to) or o.customer_id = r.customer_id
           where m.guard = 'reminder' and m.status = 'sent'
             and o.paid_at >= r.opened_at and m.sent_at > o.paid_at + interval '3 minutes'""",
    ),
    Promise(
        "held_out_means_no_letter",
        "Somebody who is held out for comparison got a reminder.",
        """select m.key from notifications_message m
           join winback_round r on m.subject_key = 'reminder:' || r.id where r.is_held_out""",
    ),
)
