from __future__ import annotations

from kidspetite.foundation.media import operations
from kidspetite.foundation.media.events import PicturesForgotten, PicturesStored
from kidspetite.foundation.plumbing.publishing import calls_out


@calls_out(PicturesStored)
def make_widths(event: PicturesStored) -> None:
    """Outside a transaction, because it computes for seconds."""
    operations.make_widths(event.picture_ids)


@calls_out(PicturesForgotten)
def remove_files(event: PicturesForgotten) -> None:
    """After the commit that forgot them: a file cannot be brought back."""
    operations.remove_files(event.digests)
