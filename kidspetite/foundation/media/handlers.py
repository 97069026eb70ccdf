from __future__ import annotations

from kidspetite.foundation.media import operations
from kidspetite.foundation.media.events import PicturesStored
from kidspetite.foundation.plumbing.publishing import calls_out


@calls_out(PicturesStored)
def make_widths(event: PicturesStored) -> None:
    """Outside a transaction, because it computes for seconds."""
    operations.make_widths(event.picture_ids)
