"""Stored pictures, straight from MEDIA_ROOT. A name holds its content's digest, so an answer never grows old."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.http import http_date
from django.views.decorators.http import require_safe

# Nothing else is ever handed out, whatever lies in the folder.
TYPES = {".svg": "image/svg+xml", ".avif": "image/avif", ".webp": "image/webp", ".jpg": "image/jpeg"}
YEAR = 365 * 24 * 3600
# A drawing is opened as a document of its own only by somebody who means to look inside it: nothing in it may run.
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """One stored file, or 404: for unknown names, unknown kinds, folders, and every way out of MEDIA_ROOT."""
    file = _inside(Path(settings.MEDIA_ROOT), name)
    tag = f'"{file.stem}"'
    if tag in request.headers.get("If-None-Match", ""):
        answer: HttpResponseBase = HttpResponseNotModified()
    else:
        answer = FileResponse(file.open("rb"), content_type=TYPES[file.suffix])
        answer["Content-Length"] = str(file.stat().st_size)
    answer["ETag"] = tag
    answer["Last-Modified"] = http_date(file.stat().st_mtime)
    answer["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-site"
    if file.suffix == ".svg":
        answer["Content-Security-Policy"] = DRAWING_POLICY
    return answer


def _inside(root: Path, name: str) -> Path:
    if "\0" in name:
        raise Http404("no such picture")
    root = root.resolve()
    file = (root / name).resolve()
    if file.suffix not in TYPES or not file.is_relative_to(root) or not file.is_file():
        raise Http404("no such picture")
    return file
