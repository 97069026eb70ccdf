"""What /metrics tells: the numbers of every web process of this node together, and what the database knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kidspetite.faces.edge import felt
from kidspetite.faces.edge.all_processes import of_all_processes
from kidspetite.faces.edge.pagecache.tally import hit_rate
from kidspetite.foundation.plumbing import health


def written_out() -> bytes:
    """Prometheus' text."""
    numbers = of_all_processes()
    return generate_latest(numbers) + generate_latest(_holding(_worked_out(numbers)))


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
