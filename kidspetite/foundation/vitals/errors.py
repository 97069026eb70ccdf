from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Invalid


class SpeedNewsUnclear(Invalid):
    """A choice of letters about speed that there is not."""

    code = "vitals.speed_news_unclear"
    message = _("Choose whether you want letters about slow pages.")
