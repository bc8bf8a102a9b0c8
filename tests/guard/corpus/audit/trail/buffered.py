import threading


class BufferedAudit:
    def __init__(self, audit, most=100):
        self._audit = audit
        self._most = most
        self._waiting = []
        self._lock = threading.Lock()

    def record(self, actor, action, target):
        with self._lock:
            self._waiting.append((actor, action, target))
            if len(self._waiting) >= self._most:
                self.flush()

    def flush(self):
        waiting, self._waiting = self._waiting, []
        for actor, action, target in waiting:
            self._audit.record(actor, action, target)

    def entries_for(self, target):
        self.flush()
        return self._audit.entries_for(target)

    def by_actor(self, actor):
        self.flush()
        return self._audit.by_actor(actor)
