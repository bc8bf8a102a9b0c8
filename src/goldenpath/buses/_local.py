"""A bus within one process: a call."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from goldenpath.buses._base import Heard
from goldenpath.protocol._entries import Hint

_logger = logging.getLogger(__name__)


class LocalBus:
    """Calls whoever subscribed, at once; see :class:`goldenpath.buses.Bus`."""

    def __init__(self) -> None:
        # A dict as an ordered set: the same order of delivery each time.
        self._listeners: dict[str, dict[Heard, None]] = {}

    async def start(self) -> None:
        """Nothing to make ready."""

    async def stop(self) -> None:
        """Forget all listeners."""
        self._listeners.clear()

    def publish(self, hints: Iterable[Hint]) -> None:
        """Call the listeners of each hint's log."""
        for hint in hints:
            for heard in tuple(self._listeners.get(hint.log, ())):
                # One that was called before may have unsubscribed this one.
                if heard not in self._listeners.get(hint.log, ()):
                    continue
                try:
                    heard(hint)
                # One listener's bug must not cost another its hint.
                except Exception:
                    _logger.exception("a listener to %r failed", hint.log)

    async def subscribe(self, log: str, heard: Heard) -> None:
        """Add a listener."""
        self._listeners.setdefault(log, {})[heard] = None

    def unsubscribe(self, log: str, heard: Heard) -> None:
        """Remove a listener."""
        listeners = self._listeners.get(log, {})
        listeners.pop(heard, None)
        if not listeners:
            self._listeners.pop(log, None)
