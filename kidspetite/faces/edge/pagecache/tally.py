"""What the page cache of this process did, for /metrics and for one line in the log now and then."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kidspetite.faces.edge.pagecache.store import Store

OUTCOMES = ("hit", "stale", "waited", "miss", "not_modified", "passed", "refused")
FROM_MEMORY = ("hit", "stale", "not_modified")


class Tally(Collector):
    """Plain numbers: threads may lose one in a million, and an answer takes 20 µs. Read by Prometheus as they stand."""

    def __init__(self, store: Store) -> None:
        self.counts = dict.fromkeys(OUTCOMES, 0)
        self._store = store
        self._told = 0

    def count(self, outcome: str) -> None:
        self.counts[outcome] += 1

    @property
    def hit_rate(self) -> float:
        """Answers from memory among all answers to addresses that are kept; 0 before the first."""
        total = sum(self.counts.values())
        return sum(self.counts[name] for name in FROM_MEMORY) / total if total else 0.0

    def news(self) -> dict[str, int]:
        """What stands in the log: how many were answered since the last call; empty when none was."""
        total = sum(self.counts.values())
        since, self._told = total - self._told, total
        return {"answers": since, "pages": len(self._store), "bytes": self._store.bytes} if since else {}

    def collect(self) -> Iterator[Metric]:
        answers = CounterMetricFamily("kidspetite_pages", "Answers to addresses that are kept", labels=["outcome"])
        for outcome, count in self.counts.items():
            answers.add_metric([outcome], count)
        yield answers
        yield CounterMetricFamily("kidspetite_pages_purged", "Pages dropped by a change", value=self._store.purged)
        yield CounterMetricFamily("kidspetite_pages_evicted", "Pages dropped for room", value=self._store.evicted)
        yield GaugeMetricFamily("kidspetite_pages_hit_rate", "Share answered from memory", value=self.hit_rate)
        yield GaugeMetricFamily("kidspetite_pages_kept", "Pages in memory", value=len(self._store))
        yield GaugeMetricFamily("kidspetite_pages_bytes", "Their bytes", value=self._store.bytes)
        yield GaugeMetricFamily("kidspetite_pages_open", "1 while purges are heard", value=float(self._store.is_open))
