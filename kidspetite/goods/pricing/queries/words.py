"""What is said of promotions: to shoppers what became of each, to staff what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import ngettext

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui import formats
from kidspetite.goods.pricing.models import Promotion
from kidspetite.goods.pricing.types import Quote, Reason, Verdict


def explanations(quote: Quote) -> list[str]:
    """One sentence for every promotion that was looked at; for staff."""
    return [explanation(verdict) for verdict in quote.verdicts]


def explanation(verdict: Verdict) -> str:
    """What became of a promotion, in one sentence: "SPRING10 not applied: −20% is better and saves $3.10 more." """
    name = verdict.code or verdict.name
    if verdict.reason is None:
        return _("%(name)s saves %(saves)s.") % {"name": name, "saves": _money(verdict.saves)}
    return WORDS[verdict.reason](name, verdict)


def summary(row: Promotion, *, goods: Iterable[str] = ()) -> str:
    """A promotion in plain sentences, as staff read it before they switch it on. `goods` are the names of what is
    meant."""
    parts = [
        " ".join(filter(None, (_gives(row), _about(row, list(goods)), _when_it_may(row)))) + ".",
        _opened_by(row),
        _runs(row),
        _bounds(row),
    ]
    return " ".join(part for part in parts if part)


def state_of(row: Promotion) -> str:
    """Where a promotion stands now: running, coming, over or stopped."""
    now = clock.now()
    if row.stopped_at:
        return "stopped"
    if row.begins_at and row.begins_at > now:
        return "coming"
    return "over" if row.ends_at and row.ends_at <= now else "running"


def _percent(percent: Decimal) -> str:
    return f"{percent.normalize():f}%"


def _listed(names: list[str]) -> str:
    """ "knits, hats and socks"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _money(amount: Money | None) -> str:
    return formats.money(amount or Money.zero())


def _minimum(name: str, told: Verdict) -> str:
    return _("%(name)s not applied yet: it counts from %(missing)s more on.") % {
        "name": name,
        "missing": _money(told.amount),
    }


def _pieces(name: str, told: Verdict) -> str:
    words = ngettext(
        "%(name)s not applied yet: it counts with one more piece.",
        "%(name)s not applied yet: it counts with %(n)s more pieces.",
        told.pieces,
    )
    return words % {"name": name, "n": told.pieces}


def _beaten(name: str, told: Verdict) -> str:
    if told.amount:
        return _("%(name)s not applied: %(winner)s is better and saves %(more)s more.") % {
            "name": name, "winner": told.winner, "more": _money(told.amount),
        }  # fmt: skip
    return _("%(name)s not applied: %(winner)s saves as much.") % {"name": name, "winner": told.winner}


def _exclusive(name: str, told: Verdict) -> str:
    if told.winner:
        return _("%(name)s not applied: %(winner)s goes with no other and saves %(more)s more.") % {
            "name": name, "winner": told.winner, "more": _money(told.amount),
        }  # fmt: skip
    if told.amount:
        return _("%(name)s not applied: it goes with no other, and the others together save %(more)s more.") % {
            "name": name, "more": _money(told.amount),
        }  # fmt: skip
    return _("%(name)s not applied: it goes with no other, and the others together save as much.") % {"name": name}


def _plain(words: str) -> Callable[[str, Verdict], str]:
    return lambda name, told: _(words) % {"name": name}


# Marked for translation here, looked up when they are said.
WORDS: dict[Reason, Callable[[str, Verdict], str]] = {
    Reason.MINIMUM: _minimum,
    Reason.PIECES: _pieces,
    Reason.BEATEN: _beaten,
    Reason.EXCLUSIVE: _exclusive,
    Reason.NOT_RUNNING: _plain(noop("%(name)s not applied: it does not run today.")),
    Reason.OTHER_PEOPLE: _plain(noop("%(name)s not applied: it is meant for somebody else.")),
    Reason.OTHER_CHANNEL: _plain(noop("%(name)s not applied: it is for shoppers who come another way.")),
    Reason.USED_UP: _plain(noop("%(name)s not applied: it has been used up.")),
    Reason.USED_BEFORE: _plain(noop("%(name)s not applied: this customer has used it.")),
    Reason.NOT_FIRST_ORDER: _plain(noop("%(name)s not applied: it is for a first order.")),
    Reason.SIGN_IN: _plain(noop("%(name)s not applied yet: it counts for signed-in customers.")),
    Reason.NO_GOODS: _plain(noop("%(name)s not applied: nothing in the basket is part of it.")),
    Reason.NOTHING_LEFT: _plain(noop("%(name)s not applied: there is nothing left for it to take off.")),
    Reason.ADDRESS: _plain(noop("%(name)s makes sending free, once we know where it goes.")),
}


def _gives(row: Promotion) -> str:
    percent = _percent(row.percent) if row.percent is not None else ""
    amount = _money(Money(row.amount_minor or 0))
    match row.kind:
        case Promotion.Kind.PERCENT:
            return _("%(percent)s off") % {"percent": percent}
        case Promotion.Kind.AMOUNT:
            return _("%(amount)s off") % {"amount": amount}
        case Promotion.Kind.FIXED_PRICE:
            return _("%(amount)s a piece for") % {"amount": amount}
        case Promotion.Kind.BUY_GET if row.percent == 100:
            return _("Buy %(buy)s, get %(get)s free of") % {"buy": row.buy, "get": row.get}
        case Promotion.Kind.BUY_GET:
            return _("Buy %(buy)s, get %(get)s at %(percent)s off of") % {
                "buy": row.buy, "get": row.get, "percent": percent,
            }  # fmt: skip
        case _:
            return _("Free shipping")


def _about(row: Promotion, goods: list[str]) -> str:
    if row.kind == Promotion.Kind.FREE_SHIPPING:
        return _("with %(goods)s") % {"goods": _listed(goods)} if goods else ""
    return _listed(goods) if goods else _("everything")


def _when_it_may(row: Promotion) -> str:
    said = []
    if row.minimum_minor:
        said.append(_("in a basket of %(amount)s or more") % {"amount": _money(Money(row.minimum_minor))})
    if row.min_pieces:
        said.append(ngettext("with one piece or more", "with %(n)s pieces or more", row.min_pieces) % {
            "n": row.min_pieces,
        })  # fmt: skip
    if row.first_order_only:
        said.append(_("on a first order"))
    if row.signed_in_only:
        said.append(_("for signed-in customers"))
    if row.people:
        said.append(ngettext("for one person", "for %(n)s people", len(row.people)) % {"n": len(row.people)})
    if row.channel:
        said.append(_("for shoppers from %(channel)s") % {"channel": row.get_channel_display()})
    return ", ".join(said)


def _opened_by(row: Promotion) -> str:
    by = _("Needs a code") if row.needs_code else _("Works by itself")
    if row.limit_per_customer:
        times = ngettext("once a customer", "%(n)s times a customer", row.limit_per_customer) % {
            "n": row.limit_per_customer,
        }  # fmt: skip
        return f"{by}, {times}."
    return f"{by}."


def _runs(row: Promotion) -> str:
    begins = row.begins_at and formats.day_and_time(row.begins_at)
    ends = row.ends_at and formats.day_and_time(row.ends_at)
    if row.stopped_at:
        return _("Stopped.")
    if begins and ends:
        return _("From %(begins)s to %(ends)s.") % {"begins": begins, "ends": ends}
    if begins:
        return _("From %(begins)s on.") % {"begins": begins}
    return _("Until %(ends)s.") % {"ends": ends} if ends else _("Runs until it is stopped.")


def _bounds(row: Promotion) -> str:
    said = []
    if row.cap_minor:
        said.append(_("At most %(cap)s off an order.") % {"cap": _money(Money(row.cap_minor))})
    if row.floor_percent:
        said.append(_("No piece below %(floor)s%% of its list price.") % {"floor": row.floor_percent})
    if row.is_exclusive:
        said.append(_("Goes with no other promotion."))
    return " ".join(said)
