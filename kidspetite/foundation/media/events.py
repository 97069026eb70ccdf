from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class PicturesStored:
    """Pictures lie here without their widths. Making those may wait: mails and orders go first."""

    priority: ClassVar[int] = -10

    picture_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PictureReady:
    """The widths of these pictures exist; whatever shows them may now show smaller files."""

    picture_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PicturesForgotten:
    """These pictures are not shown any more; their files may go."""

    priority: ClassVar[int] = -10

    digests: tuple[str, ...]
