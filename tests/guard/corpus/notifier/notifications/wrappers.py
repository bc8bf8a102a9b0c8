import datetime

from django.core.cache import cache
from django.utils import timezone


class ThrottledNotifier:
    """Lets an event through to the same user only once within some seconds."""

    def __init__(self, notifier, seconds=300):
        self._notifier = notifier
        self._seconds = seconds

    def notify(self, recipient, event, context=None):
        key = "notify:%s:%s" % (recipient.pk, event)
        if not cache.add(key, 1, self._seconds):
            return 0
        return self._notifier.notify(recipient, event, context)

    def notify_many(self, recipients, event, context=None):
        return sum(self.notify(r, event, context) for r in recipients)

    def __getattr__(self, name):
        return getattr(self._notifier, name)


class QuietHours:
    """Holds back everything that is not urgent between ten and seven."""

    def __init__(self, inner, start=datetime.time(22), end=datetime.time(7)):
        self.inner = inner
        self.start, self.end = start, end
        self.held = []

    def notify(self, recipient, event, context=None):
        now = timezone.localtime().time()
        if (now >= self.start or now < self.end) and not event.endswith(".urgent"):
            self.held.append((recipient, event, context))
            return 0
        return self.inner.notify(recipient, event, context)

    def notify_many(self, recipients, event, context=None):
        return sum(self.notify(r, event, context) for r in recipients)

    def release(self):
        held, self.held = self.held, []
        for args in held:
            self.inner.notify(*args)
