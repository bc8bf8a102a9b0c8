import abc


class Inventory(abc.ABC):
    """What checkout needs to know about whoever holds the goods."""

    @abc.abstractmethod
    def available(self, sku):
        """Units that can be promised to a customer now."""

    @abc.abstractmethod
    def reserve(self, sku, quantity, minutes=15):
        """Set units aside and return a token. Raises OutOfStock."""

    @abc.abstractmethod
    def release(self, token):
        """Give reserved units back."""

    @abc.abstractmethod
    def commit(self, token):
        """The reserved units have left the building."""
