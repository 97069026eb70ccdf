"""The letters this room writes."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kidspetite.foundation.accounts.messages import letterhead
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import messages as letters
from kidspetite.foundation.notifications.types import Button, Facts, Letter, Paragraph, Sheet, Topic
from kidspetite.foundation.ui import formats
from kidspetite.goods.catalog.types import VariantFacts
from kidspetite.goods.inventory.queries.waiting import subject_of
from kidspetite.goods.inventory.types import WaitView

OFFER_GUARD = "back-in-stock"


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
