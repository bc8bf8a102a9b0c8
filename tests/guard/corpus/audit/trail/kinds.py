import abc


class Records(abc.ABC):
    @abc.abstractmethod
    def record(self, actor, action, target):
        """Write it down."""

    @abc.abstractmethod
    def entries_for(self, target):
        """Return what happened to it."""

    @abc.abstractmethod
    def by_actor(self, actor):
        """Return what somebody did."""
