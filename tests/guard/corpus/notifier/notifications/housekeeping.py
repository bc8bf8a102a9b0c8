from datetime import timedelta

from django.utils import timezone

from .models import Notification


class NotificationPurger:
    """Nightly: removes read notifications after 90 days and all after two years."""

    def __init__(self, read_days=90, all_days=730):
        self.read_days = read_days
        self.all_days = all_days

    def run(self):
        now = timezone.now()
        old_read = Notification.objects.filter(
            read_at__lt=now - timedelta(days=self.read_days)
        )
        very_old = Notification.objects.filter(
            created_at__lt=now - timedelta(days=self.all_days)
        )
        return old_read.delete()[0] + very_old.delete()[0]
