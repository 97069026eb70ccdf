"""The three letters about a basket that was left: calm, true of the shelves as they are, and each with a way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kidspetite.foundation.accounts.messages import letterhead
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications import messages as letters
from kidspetite.foundation.notifications.types import (
    Button,
    Goods,
    GoodsLine,
    Letter,
    Paragraph,
    Part,
    Sheet,
    Topic,
)
from kidspetite.foundation.ui import formats
from kidspetite.journeys.winback.models import Round
from kidspetite.journeys.winback.queries import GUARD, way_back
from kidspetite.journeys.winback.rules import LINK_WORKS
from kidspetite.journeys.winback.types import Piece
from kidspetite.sales.cart.models import Cart

KINDS = ("reminder-first", "reminder-second", "reminder-last")


def reminder(told: Round, cart: Cart, pieces: Sequence[Piece], *, number: int) -> Letter:
    """The first, second or third letter of a round, about the basket as it is now."""
    title, before, after = _words(number)
    there = [piece for piece in pieces if piece.is_there]
    sheet = Sheet(
        title=title,
        preheader=_preheader(there),
        parts=(
            Paragraph(before),
            _goods(there),
            *_shelves(pieces),
            Button(_("Back to your basket"), f"{settings.BASE_URL}/cart/back/{way_back(told, cart)}"),
            Paragraph(after),
        ),
        footnote=_(
            "We write about a basket three times at most, to those who ticked it at checkout and to customers of ours."
        ),
    )
    return letters.letter(
        sheet,
        head=letterhead(),
        key=f"{told.subject_key}:{number}",
        kind=KINDS[number - 1],
        to=told.address,
        subject=title.rstrip("."),
        subject_key=told.subject_key,
        topic=Topic.REMINDERS,
        guard=GUARD,
    )


def _words(number: int) -> tuple[str, str, str]:
    if number == 1:
        return (
            _("Your basket is where you left it."),
            _("This is in it, with today's prices:"),
            _("The button opens it on any device, and nobody has to sign in. A basket holds its pieces only for a "
              "while, so others may buy them meanwhile."),
        )  # fmt: skip
    if number == 2:
        return (
            _("Between two sizes?"),
            _("Take the larger; sleeves roll up. Each piece's page gives its measures in inches and centimeters. "
              "This is in your basket, with today's prices:"),
            _("You have %(days)d days to send back what does not fit. A question about cloth or cut? Answer this mail; "
              "a person reads it.") % {"days": content.shop_settings().return_days},
        )  # fmt: skip
    with timezone.override(content.shop_zone()):
        until = formats.day(clock.now() + LINK_WORKS, "weekday")
    return (
        _("The last note about your basket."),
        _("We do not write about it again. As we write, this is in it, with today's prices:"),
        _("The button works until %(day)s. If the moment has passed, do nothing.") % {"day": until},
    )


def _preheader(there: Sequence[Piece]) -> str:
    others = len(there) - 1
    if not others:
        return _("%(name)s, %(detail)s.") % {"name": there[0].name, "detail": there[0].detail}
    words = ngettext("%(name)s, and %(n)d more piece.", "%(name)s, and %(n)d more pieces.", others)
    return words % {"name": there[0].name, "n": others}


def _goods(there: Sequence[Piece]) -> Goods:
    lines = tuple(GoodsLine(one.name, one.detail, one.pieces, one.amount) for one in there)
    together = Money.total((one.amount for one in there), there[0].amount.currency)
    return Goods(lines, ((_("Together, before shipping and tax"), together),))


def _shelves(pieces: Iterable[Piece]) -> list[Part]:
    """What is scarce and what is gone, as it is while we write."""
    told = []
    for piece in pieces:
        facts = {"name": piece.name, "detail": piece.detail, "n": piece.pieces}
        if not piece.is_there:
            told.append(_("%(name)s, %(detail)s, went meanwhile.") % facts)
        elif piece.is_last and piece.pieces == 1:
            told.append(_("As we write, %(name)s in %(detail)s is the last one.") % facts)
        elif piece.is_last:
            told.append(_("As we write, %(n)d of %(name)s in %(detail)s are the last ones.") % facts)
    return [Paragraph(" ".join(told))] if told else []
