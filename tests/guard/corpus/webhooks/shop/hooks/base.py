"""What the domain code knows of the outside world: somebody takes events."""

import abc


class EventSink(abc.ABC):
    @abc.abstractmethod
    def publish(self, merchant, topic, payload):
        """Take one event. Must not raise for trouble at the far end."""

    @abc.abstractmethod
    def flush(self):
        """Send whatever is still waiting; return how many were sent."""
