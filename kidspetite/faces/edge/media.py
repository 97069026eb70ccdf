"""Stored pictures, from MEDIA_ROOT or from the bucket. A name holds its content's digest, so an answer never grows
old."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from kidspetite.foundation.media import files
from kidspetite.foundation.media.types import FOR_EVER, KINDS

# A drawing is opened as a document of its own only by somebody who means to look inside it: nothing in it may run.
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# A bucket may hold more than pictures, and its keys know no folders: only names that we give are asked for.
OURS = re.compile(r"pictures/[0-9a-f]{2}/[0-9a-f]{40}[0-9x-]*\.[a-z]+")


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """One stored file, or 404: for unknown names, unknown kinds, folders, and every way out of MEDIA_ROOT. Raises
    StoreUnreachable where pictures lie in a bucket that does not answer."""
    tag = f'"{PurePosixPath(name).stem}"'
    is_known = tag in request.headers.get("If-None-Match", "")
    answer = _from_bucket(name, is_known) if files.in_bucket() else _from_folder(name, is_known)
    suffix = PurePosixPath(name).suffix
    answer["ETag"] = tag
    answer["Cache-Control"] = FOR_EVER
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-site"
    if suffix == ".svg":
        answer["Content-Security-Policy"] = DRAWING_POLICY
    return answer


def _from_folder(name: str, is_known: bool) -> HttpResponseBase:
    file = _inside(Path(settings.MEDIA_ROOT), name)
    if is_known:
        answer: HttpResponseBase = HttpResponseNotModified()
    else:
        answer = FileResponse(file.open("rb"), content_type=KINDS[file.suffix])
        answer["Content-Length"] = str(file.stat().st_size)
    answer["Last-Modified"] = http_date(file.stat().st_mtime)
    return answer


def _from_bucket(name: str, is_known: bool) -> HttpResponseBase:
    """Read whole, for pictures are some MB at most. Whoever names a picture's tag has it: its name says its content."""
    kind = KINDS.get(PurePosixPath(name).suffix)
    if kind is None or not OURS.fullmatch(name):
        raise Http404("no such picture")
    if is_known:
        return HttpResponseNotModified()
    try:
        return HttpResponse(files.read(name), content_type=kind)
    except FileNotFoundError:
        raise Http404("no such picture") from None


def _inside(root: Path, name: str) -> Path:
    if "\0" in name:
        raise Http404("no such picture")
    root = root.resolve()
    file = (root / name).resolve()
    if file.suffix not in KINDS or not file.is_relative_to(root) or not file.is_file():
        raise Http404("no such picture")
    return file
