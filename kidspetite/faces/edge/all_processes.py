"""The numbers of every web process of this node together: each writes its own down, in a folder that whoever starts
them names in the environment. Knows nothing of Django, for `./shop up` names it before there is one."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus-client's own name. Empty at each start; without it a process is alone, and tells its own."""


def of_all_processes() -> CollectorRegistry:
    """Counters are never less than before, also when a process has died; of what processes hold just now only the
    living are counted."""
    if not (folder := os.environ.get(FOLDER)):
        return REGISTRY
    _leave_out_the_dead(Path(folder))
    together = CollectorRegistry()
    MultiProcessCollector(together, folder)
    return together


def _leave_out_the_dead(folder: Path) -> None:
    for pid in {file.stem.rpartition("_")[2] for file in folder.glob("gauge_live*.db")}:
        if not psutil.pid_exists(int(pid)):
            mark_process_dead(pid, str(folder))
