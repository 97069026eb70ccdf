from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import NotFound


class WayBackClosed(NotFound):
    """A link to a basket that we did not write, that is too old, or whose basket was bought or put away since."""

    code = "winback.way_back_closed"
    message = _("This link has run out: the basket was bought, put away, or left too long ago.")
