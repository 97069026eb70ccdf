"""The letters this room writes."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kidspetite.foundation.accounts.messages import letterhead
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import messages as letters
from kidspetite.foundation.notifications.types import Button, Facts, Letter, Paragraph, Sheet, Topic
from kidspetite.foundation.ui import formats
from kidspetite.goods.catalog.types import VariantFacts
from kidspetite.goods.inventory.queries.waiting import subject_of
from kidspetite.goods.inventory.types import ShelfAlert, ShelfState, WaitView

OFFER_GUARD, LOW_GUARD = "back-in-stock", "low-stock"
MOST_ROWS = 20


def wait_confirmation(wait: WaitView) -> Letter:
    """To whoever owns the address that somebody typed on a product's page. One a day and piece."""
    facts = _words(wait.piece)
    title = _("Shall we tell you?")
    sheet = Sheet(
        title=title,
        preheader=_("One click, and we tell you when %(size)s is back.") % facts,
        parts=(
            Paragraph(
                _("Somebody, we hope you, wants to hear when %(name)s in %(size)s, %(colour)s, is back.") % facts
            ),
            Button(_("Yes, tell me"), wait_url(wait)),
        ),
        footnote=_("Was it not you? Then do nothing; we write no more."),
    )
    return letters.letter(
        sheet, head=letterhead(), key=f"wait-confirmation:{wait.id}:{clock.now():%Y-%m-%d}", kind="wait-confirmation",
        to=wait.address, subject=_("%(size)s in %(colour)s: shall we tell you?") % facts,
    )  # fmt: skip


def back_in_stock(wait: WaitView, *, offer: int) -> Letter:
    """Told once for each piece that is set aside, and only while it is."""
    assert wait.until is not None
    with timezone.override(content.shop_zone()):
        time, day = formats.clock_time(wait.until), formats.day(wait.until, "weekday")
    facts = {**_words(wait.piece), "time": time, "day": day}
    sheet = Sheet(
        title=_("%(size)s in %(colour)s is back.") % facts,
        preheader=_("%(name)s. One is yours until %(time)s.") % facts,
        parts=(
            Paragraph(
                _("You asked us to tell you. One is set aside, and it is yours until %(time)s, %(day)s.") % facts
            ),
            Facts(
                (
                    (str(wait.piece.name), (_("%(size)s, %(colour)s") % facts,)),
                    (_("Price"), (formats.money(wait.piece.price),)),
                )
            ),
            Button(_("Put it in my basket"), wait_url(wait)),
        ),
        footnote=_("Too late, or not any more? Then do nothing. It goes to whoever is next in line."),
    )
    return letters.letter(
        sheet, head=letterhead(), key=f"back-in-stock:{wait.id}:{offer}", kind="back-in-stock", to=wait.address,
        subject=_("%(size)s in %(colour)s is back: %(name)s") % facts, subject_key=subject_of(wait.id, offer),
        topic=Topic.BACK_IN_STOCK, guard=OFFER_GUARD,
    )  # fmt: skip


def wait_url(wait: WaitView) -> str:
    return f"{settings.BASE_URL}/back-in-stock/{wait.key}"


def _words(piece: VariantFacts) -> dict[str, str]:
    return {"name": piece.name, "size": piece.size_label, "colour": piece.colour_name}


def low_stock(shelves: Sequence[ShelfAlert], reader: User, *, crossing: int) -> Letter:
    """To one of the team: what has fallen to its mark since the last such letter, each once a fall."""
    n = len(shelves)
    title = ngettext("%(n)d size runs low.", "%(n)d sizes run low.", n) % {"n": n}
    rows = [
        (
            _("%(name)s, %(size)s, %(colour)s") % {"name": one.name, "size": one.size, "colour": one.colour},
            tuple(filter(None, (_left(one), _pace(one)))),
        )
        for one in shelves[:MOST_ROWS]
    ]
    if n > MOST_ROWS:
        rows.append((ngettext("%(n)d more", "%(n)d more", n - MOST_ROWS) % {"n": n - MOST_ROWS}, ("",)))
    sheet = Sheet(
        title=title,
        preheader=", ".join(f"{one.name}, {one.size}" for one in shelves[:3]),
        parts=(
            Paragraph(_("Fallen to the number at which you want to know, since the last letter.")),
            Button(_("See all that runs low"), f"{settings.BASE_URL}/admin/stock-alerts"),
            Facts(tuple(rows)),
        ),
        footnote=_("As it happens, one letter a day, or none: choose under Letters to you, in the back office."),
    )
    key = f"low-stock:{reader.pk}:{crossing}"
    return letters.letter(
        sheet, head=letterhead(), key=key, kind="low-stock", to=reader.email, subject=title.rstrip("."),
        subject_key=key, guard=LOW_GUARD,
    )  # fmt: skip


def _left(one: ShelfAlert) -> str:
    if one.state is ShelfState.OUT:
        return _("none left")
    return ngettext("%(n)d left", "%(n)d left", one.on_hand) % {"n": one.on_hand}


def _pace(one: ShelfAlert) -> str:
    parts = []
    if one.cover is not None and one.on_hand:
        parts.append(ngettext("about %(n)d day", "about %(n)d days", one.cover) % {"n": one.cover})
    if one.waiting:
        parts.append(ngettext("%(n)d waits for it", "%(n)d wait for it", one.waiting) % {"n": one.waiting})
    return ", ".join(parts)
