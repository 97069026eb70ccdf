from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShopSettingsChanged:
    """The facts of the shop change at a moment (ISO 8601, UTC), now or later."""

    settings_id: int
    valid_from: str


@dataclass(frozen=True, slots=True)
class PageSaved:
    """A page of the owner's words was written anew."""

    slug: str
