import threading
from collections import defaultdict


class QuantityTracker:
    """Thread-safe in-process quantities, used by the marketplace sync."""

    def __init__(self, initial=None):
        self._lock = threading.RLock()
        self._levels = defaultdict(int, initial or {})
        self._holds = {}
        self._next = 1

    def set_level(self, sku, n):
        with self._lock:
            self._levels[sku] = n

    def increase(self, sku, n):
        with self._lock:
            self._levels[sku] += n

    def available(self, sku):
        with self._lock:
            return self._levels[sku] - sum(
                q for s, q in self._holds.values() if s == sku
            )

    def hold(self, sku, n):
        with self._lock:
            if self.available(sku) < n:
                return None
            hold_id = self._next
            self._next += 1
            self._holds[hold_id] = (sku, n)
            return hold_id

    def unhold(self, hold_id):
        with self._lock:
            self._holds.pop(hold_id, None)

    def take(self, hold_id):
        with self._lock:
            sku, n = self._holds.pop(hold_id)
            self._levels[sku] -= n
