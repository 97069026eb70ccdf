"""What the page cache did, for /metrics and for one line in the log now and then."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

from kidspetite.faces.edge.pagecache.store import Store

OUTCOMES = ("hit", "stale", "waited", "miss", "not_modified", "passed", "refused")
FROM_MEMORY = frozenset({"hit", "stale", "not_modified"})

ANSWERS = Counter("kidspetite_pages", "Answers to addresses that are kept.", ["outcome"])
PURGED = Counter("kidspetite_pages_purged", "Pages dropped by a change.")
EVICTED = Counter("kidspetite_pages_evicted", "Pages dropped for room.")
KEPT = Gauge("kidspetite_pages_kept", "Pages in memory, each process its own.", multiprocess_mode="livesum")
BYTES = Gauge("kidspetite_pages_bytes", "Their bytes.", multiprocess_mode="livesum")
OPEN = Gauge("kidspetite_pages_open", "1 while every process hears purges.", multiprocess_mode="livemin")

for _outcome in OUTCOMES:
    ANSWERS.labels(_outcome)  # told from the start, as 0


class Tally:
    """Plain numbers: threads may lose one in a million, and an answer takes 20 µs. They are told twice a second."""

    def __init__(self, store: Store) -> None:
        self.counts = dict.fromkeys(OUTCOMES, 0)
        self._store = store
        self._logged = 0
        self._told = dict(self.counts)
        self._told_purged = self._told_evicted = 0

    def count(self, outcome: str) -> None:
        self.counts[outcome] += 1

    def news(self) -> dict[str, int]:
        """What stands in the log: how many were answered since the last call; empty when none was."""
        total = sum(self.counts.values())
        since, self._logged = total - self._logged, total
        return {"answers": since, "pages": len(self._store), "bytes": self._store.bytes} if since else {}

    def tell(self) -> None:
        """Add what came since the last call to the numbers of all processes. For one thread."""
        store, counts = self._store, dict(self.counts)
        for outcome, count in counts.items():
            ANSWERS.labels(outcome).inc(count - self._told[outcome])
        purged, evicted = store.purged, store.evicted
        PURGED.inc(purged - self._told_purged)
        EVICTED.inc(evicted - self._told_evicted)
        self._told, self._told_purged, self._told_evicted = counts, purged, evicted
        KEPT.set(len(store))
        BYTES.set(store.bytes)
        OPEN.set(store.is_open)


def hit_rate(numbers: CollectorRegistry) -> float:
    """Answers from memory among all answers to addresses that are kept; 0 before the first."""
    answers = {
        sample.labels["outcome"]: sample.value
        for metric in numbers.collect()
        for sample in metric.samples
        if sample.name == "kidspetite_pages_total"
    }
    total = sum(answers.values())
    return sum(count for outcome, count in answers.items() if outcome in FROM_MEMORY) / total if total else 0.0
