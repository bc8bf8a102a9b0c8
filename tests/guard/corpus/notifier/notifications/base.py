import abc


class NotificationGateway(abc.ABC):
    """Anything that can bring an event to the attention of somebody."""

    @abc.abstractmethod
    def notify(self, recipient, event, context=None):
        """Tell the recipient about the event. Returns the number of messages sent."""

    @abc.abstractmethod
    def notify_many(self, recipients, event, context=None): ...
