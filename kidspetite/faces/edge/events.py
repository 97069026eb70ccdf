from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CdnNoted:
    """Pages at the network before the shop are old; the note says which."""

    note_id: int


@dataclass(frozen=True, slots=True)
class PagesOutdated:
    """At a moment that was known before, kept pages with these tags stop being true."""

    tags: tuple[str, ...]
