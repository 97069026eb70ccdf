"""How fast pages felt to visitors, by kind of page."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kidspetite.faces.backoffice import speed as showing
from kidspetite.faces.backoffice.access import allowed, page
from kidspetite.foundation.vitals import queries, rules
from kidspetite.foundation.vitals.messages import VITAL_NAMES
from kidspetite.foundation.vitals.types import Device, Vital

PERIODS = ((7, gettext_lazy("7 days")), (28, gettext_lazy("28 days")))
DEVICES = (
    ("", gettext_lazy("All devices")),
    (Device.PHONE.value, gettext_lazy("Phones")),
    (Device.TABLET.value, gettext_lazy("Tablets")),
    (Device.DESKTOP.value, gettext_lazy("Desktops")),
)


@require_safe
@allowed(queries.SEES_SPEED)
def speed(request: HttpRequest) -> HttpResponse:
    """The last 7 or 28 days beside as many before; `?days= &device= &vital=`, and what is none of them is the first."""
    days = 28 if request.GET.get("days") == "28" else 7
    device = _asked(request, "device", Device)
    vital = _asked(request, "vital", Vital) or Vital.LCP
    report = queries.report(days, device)
    context = {
        "days": days,
        "periods": PERIODS,
        "device": device or "",
        "devices": DEVICES,
        "vital": vital,
        "vital_name": VITAL_NAMES[vital],
        "says": showing.SAYS[vital],
        "limits": showing.limits(vital),
        "tiles": showing.tiles(report),
        "cards": showing.cards(report, vital),
        "is_empty": not any(pair.now.visits for pair in report.whole.values()),
        "sample": settings.VITALS_SAMPLE_PERCENT,
        "kept_days": rules.KEPT.days,
        "least": rules.LEAST_VISITS,
    }
    return page(request, "speed.html", context)


def _asked[Word: StrEnum](request: HttpRequest, name: str, words: type[Word]) -> Word | None:
    given = request.GET.get(name, "")
    return words(given) if given in {word.value for word in words} else None
