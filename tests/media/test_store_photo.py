"""Photographs from phones: every format, turned, stripped, refused where they must be."""

from __future__ import annotations

import io
import struct
import zlib
from typing import IO, Any

import pillow_heif
import pytest
from PIL import ExifTags, Image

from kidspetite.foundation.media import files, operations
from kidspetite.foundation.media.errors import NotAPicture, PictureTooLarge
from kidspetite.foundation.media.models import Picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new(mode, (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    return image


def as_file(image: Image.Image, kind: str, **options: Any) -> IO[bytes]:
    out = io.BytesIO()
    image.save(out, kind, **options)
    out.seek(0)
    return out


def kept(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(files.read(picture.original)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_format_of_the_web_is_taken(kind: str):
    picture = operations.store_photo(as_file(photo(), kind), "A romper")
    assert (picture.width, picture.height, picture.kind) == (60, 40, "photo")
    assert kept(picture).format == "JPEG"


def test_a_phones_heic_is_taken():
    out = io.BytesIO()
    pillow_heif.from_pillow(photo(128, 96)).save(out, quality=80)
    picture = operations.store_photo(out, "A romper")
    assert (picture.width, picture.height) == (128, 96)
    assert kept(picture).getpixel((10, 40))[0] > 200


def test_a_photo_is_turned_upright_and_forgets_where_it_was_taken():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # turn a quarter clockwise to see it upright
    exif[ExifTags.Base.Make] = "Phone of somebody"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (41.0, 55.0, 12.0)
    source = as_file(photo(60, 40), "JPEG", exif=exif, quality=95)
    assert b"Phone of somebody" in source.getvalue()  # type: ignore[attr-defined]

    picture = operations.store_photo(source, "A romper")

    assert (picture.width, picture.height) == (40, 60)
    image = kept(picture)
    red, blue = image.getpixel((20, 8)), image.getpixel((20, 52))
    assert red[0] > 200 > red[2]
    assert blue[2] > 200 > blue[0]
    assert not image.getexif()
    assert "icc_profile" not in image.info
    stored = files.read(picture.original)
    assert b"Exif" not in stored
    assert b"Phone" not in stored


def test_what_is_transparent_lies_on_white():
    image = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    assert kept(operations.store_photo(as_file(image, "PNG"), "")).getpixel((25, 25)) == (255, 255, 255)


def test_a_large_photo_is_kept_at_the_size_we_need():
    picture = operations.store_photo(as_file(photo(4000, 3000), "JPEG"), "")
    assert (picture.width, picture.height) == (2400, 1800)


def test_the_same_photo_again_is_the_same_picture():
    first = operations.store_photo(as_file(photo(), "PNG"), "First words")
    second = operations.store_photo(as_file(photo(), "PNG"), "Other words")
    assert first.pk == second.pk
    assert Picture.objects.get().alt == "First words"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"This is a letter, not a photo.",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 40,
        b"\xff\xd8\xff\xe0 and then nothing of the kind",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypheic" + b"\0" * 50,
        b"\0\0\0\x18ftypqt  " + b"\0" * 50,
    ],
)
def test_what_is_no_photo_is_refused_whatever_its_name(content: bytes):
    file = io.BytesIO(content)
    file.name = "holiday.jpg"
    with pytest.raises(NotAPicture) as refusal:
        operations.store_photo(file, "")
    assert refusal.value.code == "media.not_a_picture"
    assert not Picture.objects.exists()


def test_a_photo_that_breaks_off_is_refused():
    whole = as_file(photo(400, 300), "JPEG").read()
    with pytest.raises(NotAPicture):
        operations.store_photo(io.BytesIO(whole[: len(whole) // 2]), "")


def test_too_many_bytes_are_refused_before_they_are_read(settings: Any):
    settings.MAX_PICTURE_BYTES = 1000
    with pytest.raises(PictureTooLarge) as refusal:
        operations.store_photo(io.BytesIO(b"\xff\xd8\xff" + b"\0" * 1000), "")
    assert refusal.value.facts["most_bytes"] == 1000


def test_a_small_file_that_unfolds_to_a_giant_is_refused():
    with pytest.raises(PictureTooLarge) as refusal:
        operations.store_photo(io.BytesIO(bomb(40_000, 40_000)), "")
    assert refusal.value.code == "media.too_large"
    with pytest.raises(PictureTooLarge):
        operations.store_photo(io.BytesIO(bomb(9_000, 8_000)), "")


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be enormous."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )
