from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Remembered[Key: Hashable, Told]:
    """What was worked out and asked for last, as much of it as fits into `limit` bytes, as `weigh` counts them.

    Nothing in it can be old, because its key is everything that it was worked out from; whoever asks answers for that.
    Two threads may work out the same at once, and that is harmless. Finding takes no lock.
    """

    def __init__(self, limit: int, weigh: Callable[[Key, Told], int]) -> None:
        self.limit = limit
        self.bytes = 0
        self._weigh = weigh
        self._known: OrderedDict[Key, tuple[Told, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: Key, make: Callable[[], Told]) -> Told:
        """What belongs to the key, made now if it is not known. What `make` raises is not remembered."""
        found = self._known.get(key)
        if found is None:
            told = make()
            self._keep(key, told)
            return told
        told, _weight = found
        try:
            self._known.move_to_end(key)
        except KeyError:
            return told  # it had to make room this very moment
        return told

    def forget(self) -> None:
        with self._lock:
            self._known.clear()
            self.bytes = 0

    def _keep(self, key: Key, told: Told) -> None:
        weight = self._weigh(key, told)
        with self._lock:
            if key in self._known or weight > self.limit:
                return
            self._known[key] = told, weight
            self.bytes += weight
            while self.bytes > self.limit:
                _, (_, gone) = self._known.popitem(last=False)
                self.bytes -= gone
