"""What /metrics tells: the numbers of every web process of this node together, and what the database knows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from kidspetite.faces.edge import felt
from kidspetite.faces.edge.pagecache.tally import hit_rate
from kidspetite.foundation.plumbing import health

# Named by whoever starts web processes (console/starting.py): where each writes its numbers down. Without it a process
# is alone, and tells its own.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def written_out() -> bytes:
    """Prometheus' text. Counters are never less than before, also when a process has died; of what processes hold just
    now (`kidspetite_pages_kept`) only the living are counted."""
    numbers = _of_all_processes()
    return generate_latest(numbers) + generate_latest(_holding(_worked_out(numbers)))


def _of_all_processes() -> CollectorRegistry:
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


def _worked_out(numbers: CollectorRegistry) -> Iterator[Metric]:
    yield GaugeMetricFamily("kidspetite_pages_hit_rate", "Share answered from memory", value=hit_rate(numbers))
    for name, value in health.job_figures().items():
        yield GaugeMetricFamily(f"kidspetite_{name}", name.replace("_", " "), value=value)
    yield from felt.figures()


def _holding(told: Iterable[Metric]) -> CollectorRegistry:
    registry, metrics = CollectorRegistry(auto_describe=False), list(told)

    class Told(Collector):
        def collect(self) -> Iterable[Metric]:
            return metrics

    registry.register(Told())
    return registry
