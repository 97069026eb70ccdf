from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CdnNoted:
    """Pages at the network before the shop are old; the note says which."""

    note_id: int
