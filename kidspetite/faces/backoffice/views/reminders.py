"""What reminders of baskets do: those who got them beside those who were left alone."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kidspetite.faces.backoffice.access import allowed, page
from kidspetite.journeys.winback import queries, rules


@require_safe
@allowed("winback.view_round")
def reminders(request: HttpRequest) -> HttpResponse:
    figures = queries.figures()
    effect = rules.effect(figures.reminded, figures.held_out)
    return page(
        request,
        "reminders.html",
        {
            "figures": figures,
            "effect": effect,
            "held_out_percent": settings.REMINDERS_HELD_OUT_PERCENT,
            "extra": round(effect.seen * figures.reminded.people / 100) if effect else 0,
        },
    )
