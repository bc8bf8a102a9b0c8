from abc import ABCMeta, abstractmethod


class Limits(metaclass=ABCMeta):
    @abstractmethod
    def allow(self, key):
        """Tell whether one more is allowed."""

    @abstractmethod
    def remaining(self, key):
        """Tell how many more are."""

    @abstractmethod
    def reset(self, key):
        """Forget."""
