from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO

from django.db import transaction

from kidspetite.foundation.media import files
from kidspetite.foundation.media.errors import NotAPicture
from kidspetite.foundation.media.events import PictureReady, PicturesForgotten, PicturesStored
from kidspetite.foundation.media.models import Picture
from kidspetite.foundation.media.types import FORMATS, NewDrawing, folder_of, original_name, raster_name
from kidspetite.foundation.plumbing.publishing import publish

# Pictures whose widths one job makes: few enough that a letter behind it waits only seconds.
IN_ONE_JOB = 2
FORGOTTEN_IN_ONE_JOB = 200
_EXTENT = re.compile(r'viewBox="0 0 (\d{1,5}) (\d{1,5})"')


def store_drawing(svg: str, alt: str, wash: str = "", *, is_demo: bool = False) -> Picture:
    """Keep one drawing of our own making; the same drawing again gives the row that is there.

    It can be shown at once; its widths follow in a job. Refuses (NotAPicture) what has no extent.
    """
    return store_drawings([NewDrawing(svg, alt, wash)], is_demo=is_demo)[0]


@transaction.atomic
def store_drawings(drawings: Sequence[NewDrawing], *, is_demo: bool = False) -> list[Picture]:
    """Keep many drawings, in their order; each as `store_drawing` does."""
    rows, originals = [], {}
    for drawing in drawings:
        content = drawing.svg.encode()
        extent = _EXTENT.search(drawing.svg[:1000])
        if extent is None or "<script" in drawing.svg:
            raise NotAPicture()
        digest = _digest(content)
        name = original_name(digest, "svg")
        originals[name] = content
        rows.append(
            Picture(
                kind=Picture.Kind.DRAWING, digest=digest, original=name, width=int(extent[1]), height=int(extent[2]),
                alt=drawing.alt, wash=drawing.wash, is_demo=is_demo,
            )
        )  # fmt: skip
    files.write_all(originals)
    return _kept(rows)


@transaction.atomic
def store_photo(
    file: IO[bytes], alt: str, *, focal_x: int = 50, focal_y: int = 50, wash: str = "", is_demo: bool = False
) -> Picture:
    """Keep a photograph upright and without its metadata (place, camera, time); its widths follow in a job.

    Takes JPEG, PNG, WebP, AVIF and HEIC of at most 30 MB and 60 megapixels, by content and not by name; refuses the
    rest with NotAPicture or PictureTooLarge. The focal point, in per cent, stays in view when pages cut it to 4:5.
    """
    from kidspetite.foundation.media.photos import read_photo  # heavy, and only staff's uploads need it

    photo = read_photo(file)
    digest = _digest(photo.content)
    name = original_name(digest, "jpg")
    files.write(name, photo.content)
    row = Picture(
        kind=Picture.Kind.PHOTO, digest=digest, original=name, width=photo.width, height=photo.height, alt=alt,
        wash=wash, focal_x=_percent(focal_x), focal_y=_percent(focal_y), is_demo=is_demo,
    )  # fmt: skip
    return _kept([row])[0]


@transaction.atomic
def describe_picture(picture_id: int, *, alt: str, focal_x: int, focal_y: int) -> Picture:
    """Change a picture's words and focal point; with a new point its widths are cut anew."""
    picture = Picture.objects.select_for_update().get(pk=picture_id)
    moved = (picture.focal_x, picture.focal_y) != (_percent(focal_x), _percent(focal_y))
    picture.alt, picture.focal_x, picture.focal_y = alt, _percent(focal_x), _percent(focal_y)
    if moved and picture.kind == Picture.Kind.PHOTO:
        picture.widths, picture.formats = [], []
    picture.save()
    if not picture.widths:
        publish(PicturesStored((picture.pk,)))
    publish(PictureReady((picture.pk,)))
    return picture


@transaction.atomic
def forget_demo_pictures(*, keep: Collection[int]) -> int:
    """Delete demo pictures but those to keep, which something still shows; a job takes their files away. Gives how
    many."""
    gone = dict(Picture.objects.filter(is_demo=True).exclude(pk__in=keep).values_list("pk", "digest"))
    Picture.objects.filter(pk__in=gone).delete()
    digests = list(gone.values())
    for start in range(0, len(digests), FORGOTTEN_IN_ONE_JOB):
        publish(PicturesForgotten(tuple(digests[start : start + FORGOTTEN_IN_ONE_JOB])))
    return len(digests)


def remove_files(digests: Iterable[str]) -> None:
    """Take the files of forgotten pictures away; those of one that was stored again meanwhile stay."""
    digests = set(digests)
    stored = set(Picture.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for digest in digests - stored:
        files.remove(f"{folder_of(digest)}/{digest}")


def make_widths(picture_ids: Iterable[int]) -> None:
    """Make the rasters of these pictures and swap them in. Takes no transaction while it computes; repeating it, or
    doing it for a picture that is gone or moved its focal point meanwhile, is harmless."""
    from kidspetite.foundation.media.rasters import step_back  # heavy, and only workers need it

    ready = []
    with ThreadPoolExecutor(1, initializer=step_back) as aside:
        for picture in Picture.objects.filter(pk__in=list(picture_ids), widths=[]).order_by("pk"):
            widths = aside.submit(_write_rasters, picture).result()
            same = Picture.objects.filter(pk=picture.pk, focal_x=picture.focal_x, focal_y=picture.focal_y)
            if same.update(widths=widths, formats=list(FORMATS)):
                ready.append(picture.pk)
    if ready:
        with transaction.atomic():
            publish(PictureReady(tuple(ready)))


def _write_rasters(picture: Picture) -> list[int]:
    from kidspetite.foundation.media.rasters import drawing_rasters, photo_rasters

    original = files.read(picture.original)
    if picture.kind == Picture.Kind.DRAWING:
        rasters = drawing_rasters(original)
    else:
        rasters = photo_rasters(original, focal_x=picture.focal_x, focal_y=picture.focal_y)
    made = {(width, suffix): content for width, suffix, content in rasters}
    files.write_all(
        {raster_name(picture.digest, picture.focal_x, picture.focal_y, *which): it for which, it in made.items()}
    )
    return sorted({width for width, _suffix in made})


def _kept(rows: Sequence[Picture]) -> list[Picture]:
    """The stored rows in the given order, new ones told of, known ones as they are."""
    digests = [row.digest for row in rows]
    known = set(Picture.objects.filter(digest__in=digests).values_list("digest", flat=True))
    Picture.objects.bulk_create(rows, ignore_conflicts=True)
    stored = {picture.digest: picture for picture in Picture.objects.filter(digest__in=digests)}
    new = [picture.pk for digest, picture in stored.items() if digest not in known]
    for start in range(0, len(new), IN_ONE_JOB):
        publish(PicturesStored(tuple(new[start : start + IN_ONE_JOB])))
    return [stored[digest] for digest in digests]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:40]


def _percent(number: int) -> int:
    return min(max(number, 0), 100)
