"""What the commands that start other processes know of the machine; `manage.py` fills it from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Surroundings:
    root: Path
    data_dir: Path
    database_url: str  # empty: the embedded server below data_dir
    port: int
    base_url: str | None
    hosts: tuple[str, ...]
    is_production: bool

    @property
    def stamps(self) -> Path:
        return self.data_dir / "stamps"

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    def environment(self, **more: str) -> dict[str, str]:
        """For children: ours, quiet about settings that were warned of already."""
        return {**os.environ, "KP_QUIET": "1", "PYTHONUNBUFFERED": "1", **more}
