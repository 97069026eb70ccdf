"""Photographs from a phone: read with suspicion, turned upright, freed of everything but the picture itself."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

from kidspetite.foundation.media.errors import NotAPicture, PictureTooLarge

register_heif_opener(thumbnails=False)

MOST_PIXELS = 60_000_000
LONGEST_EDGE = 2400
QUALITY = 90
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}


@dataclass(frozen=True, slots=True)
class Upright:
    """A photograph as we keep it: a JPEG without metadata."""

    content: bytes
    width: int
    height: int


def read_photo(file: IO[bytes]) -> Upright:
    """Refuses what is no photo (NotAPicture) or too large in bytes or pixels (PictureTooLarge), before decoding it."""
    most = settings.MAX_PICTURE_BYTES
    file.seek(0)
    content = file.read(most + 1)
    if len(content) > most:
        raise PictureTooLarge(most_bytes=most, most_pixels=MOST_PIXELS)
    kind = kind_of(content)
    if kind is None:
        raise NotAPicture()
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise PictureTooLarge(pixels=image.width * image.height, most_bytes=most, most_pixels=MOST_PIXELS)
            return _kept(image)
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(most_bytes=most, most_pixels=MOST_PIXELS) from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise NotAPicture() from error


def kind_of(content: bytes) -> str | None:
    """Pillow's name of the format that the first bytes promise; None for anything we do not take."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp":
        if content[8:12] in _AVIF:
            return "AVIF"
        if content[8:12] in _HEIC:
            return "AVIF" if b"avif" in content[16:64] else "HEIF"
    return None


def _kept(image: Image.Image) -> Upright:
    image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a JPEG may decode at a fraction of its size, which is quicker
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
    plain = _on_paper(_in_srgb(upright, profile))
    bare = Image.frombytes("RGB", plain.size, plain.tobytes())  # pixels only: no place, no camera, no thumbnail inside
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Upright(out.getvalue(), bare.width, bare.height)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or image.mode not in {"RGB", "RGBA", "L"}:
        return image
    try:
        own, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        shown = ImageCms.profileToProfile(image, own, srgb, outputMode=image.mode)
    except (ImageCms.PyCMSError, OSError):
        return image  # a broken profile costs a shade of colour, not the photo
    return shown or image


def _on_paper(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")
