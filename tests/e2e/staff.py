"""What staff do in these stories, by the words they see."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import Page

from kidspetite.foundation.accounts.models import User

PASSWORD = "measure-twice-cut-once"


def an_owner() -> str:
    """The address of somebody who may do everything, as `createsuperuser` makes them."""
    email = f"owner-{secrets.token_hex(4)}@team.example"
    owner = User.objects.create_superuser(email)
    owner.password = PBKDF2PasswordHasher().encode(
        PASSWORD, secrets.token_hex(8)
    )  # as shops keep them, not as tests do
    owner.save(update_fields=["password"])
    return email


def sign_in(page: Page, email: str, *, to: str = "/admin/") -> None:
    page.goto(f"/sign-in?next={to}")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def a_phone_photo(*, sideways: bool = True) -> dict[str, Any]:
    """A HEIC as a phone writes it: 900 × 600 as stored, turned by EXIF, with the place where it was taken.

    Upright it is 600 × 900: red at the top, green below, blue at the foot.
    """
    import io

    import pillow_heif
    from PIL import Image, ImageDraw

    upright = Image.new("RGB", (600, 900), "#00aa00")
    draw = ImageDraw.Draw(upright)
    draw.rectangle((0, 0, 600, 140), fill="#cc0000")
    draw.rectangle((0, 760, 600, 900), fill="#0000cc")
    stored = upright.transpose(Image.Transpose.ROTATE_90) if sideways else upright
    exif = Image.Exif()
    exif[0x0112] = 6 if sideways else 1  # turn by 90 degrees to see it upright
    exif[0x010F] = "Pocket camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 41.0, 21.0), 3: "W", 4: (73.0, 59.0, 11.0)})
    file = io.BytesIO()
    heif = pillow_heif.from_pillow(stored)
    heif.save(file, quality=80, exif=exif.tobytes())
    return {"name": "IMG_0042.HEIC", "mimeType": "image/heic", "buffer": file.getvalue()}
