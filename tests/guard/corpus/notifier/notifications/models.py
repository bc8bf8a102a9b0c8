from django.conf import settings
from django.db import models


class ChannelPreference(models.Model):
    EMAIL, SMS, PUSH = "email", "sms", "push"
    CHANNELS = [(EMAIL, "E-mail"), (SMS, "Text message"), (PUSH, "Push")]

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="channel_preferences",
    )
    event_group = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    enabled = models.BooleanField(default=True)

    class Meta:
        unique_together = [("user", "event_group", "channel")]


class Notification(models.Model):
    """One message to one user over one channel, as it was sent."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    event = models.CharField(max_length=80)
    channel = models.CharField(max_length=10, choices=ChannelPreference.CHANNELS)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]

    @property
    def is_read(self):
        return self.read_at is not None
