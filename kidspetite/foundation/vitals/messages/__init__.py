"""What kinds of pages and vitals are called, and the letter about slow ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kidspetite.foundation.accounts.messages import letterhead
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.notifications import messages as letters
from kidspetite.foundation.notifications.types import Button, Facts, Letter, Paragraph, Sheet
from kidspetite.foundation.ui import formats
from kidspetite.foundation.vitals.rules import LOOKED_AT, THRESHOLDS
from kidspetite.foundation.vitals.types import PageKind, SlowPage, Vital

SPEED_GUARD = "slow-pages"

PAGE_NAMES: Mapping[PageKind, Promise] = {
    PageKind.HOME: gettext_lazy("Front page"),
    PageKind.LIST: gettext_lazy("Lists of products"),
    PageKind.PRODUCT: gettext_lazy("Product pages"),
    PageKind.CART: gettext_lazy("Basket"),
    PageKind.CHECKOUT: gettext_lazy("Checkout"),
    PageKind.ACCOUNT: gettext_lazy("Accounts and sign-in"),
    PageKind.SEARCH: gettext_lazy("Search"),
    PageKind.OTHER: gettext_lazy("Other pages"),
}
VITAL_NAMES: Mapping[Vital, Promise] = {
    Vital.LCP: gettext_lazy("Largest picture"),
    Vital.INP: gettext_lazy("Answer to a press"),
    Vital.CLS: gettext_lazy("Jumping"),
    Vital.FCP: gettext_lazy("First sight"),
    Vital.TTFB: gettext_lazy("First byte"),
}


def amount(vital: Vital, value: int) -> str:
    """A number as people read it: "180 ms", "2.52 s"; what jumps has no unit."""
    if vital is Vital.CLS:
        thousandths = f"{value / 1000:.3f}"
        return thousandths[:-1] if thousandths.endswith("0") else thousandths
    return f"{value} ms" if value < 1000 else f"{value / 1000:.2f} s"


def slow_pages(pages: Sequence[SlowPage], reader: User, *, day: date) -> Letter:
    """To one of the team: which kinds of pages have become slow since the last such letter. One a day at most."""
    n = len({one.page for one in pages})
    title = ngettext("%(n)d kind of page has become slow.", "%(n)d kinds of pages have become slow.", n) % {"n": n}
    sheet = Sheet(
        title=title,
        preheader=", ".join(dict.fromkeys(str(PAGE_NAMES[one.page]) for one in pages)),
        parts=(
            Paragraph(
                _("In the last %(days)d days more than one of four visits of them was slower than it should be.")
                % {"days": LOOKED_AT}
            ),
            Button(_("See how fast pages are"), f"{settings.BASE_URL}/admin/speed"),
            Facts(tuple((_row_name(one), _row_lines(one)) for one in pages)),
        ),
        footnote=_("One letter a day at most, or none: choose under Letters to you, in the back office."),
    )
    key = f"slow-pages:{reader.pk}:{day:%Y-%m-%d}"
    return letters.letter(
        sheet, head=letterhead(), key=key, kind="slow-pages", to=reader.email, subject=title.rstrip("."),
        subject_key=key, guard=SPEED_GUARD,
    )  # fmt: skip


def _row_name(one: SlowPage) -> str:
    return f"{PAGE_NAMES[one.page]}: {VITAL_NAMES[one.now.vital]} ({one.now.vital})"


def _row_lines(one: SlowPage) -> tuple[str, ...]:
    vital = one.now.vital
    now = _("%(now)s, good is up to %(good)s") % {
        "now": amount(vital, one.now.p75 or 0), "good": amount(vital, THRESHOLDS[vital][0]),
    }  # fmt: skip
    visits = formats.plural(one.now.visits, _("visit"), _("visits"))
    if one.before.p75 is None:
        return now, visits
    before = _("%(before)s the week before") % {"before": amount(vital, one.before.p75)}
    return now, f"{visits}; {before}"
