class RecordingNotifier:
    """Stands in for notifications.service.Notifier; remembers instead of sending."""

    def __init__(self):
        self.calls = []

    def notify(self, recipient, event, context=None):
        self.calls.append((recipient, event, context))
        return 1

    def notify_many(self, recipients, event, context=None):
        return sum(self.notify(r, event, context) for r in recipients)

    def subscribe(self, user, group, channel):
        pass

    def unsubscribe(self, user, group, channel):
        pass
