import secrets
import uuid

from django.db import models
from django.utils import timezone


def _new_secret():
    return "whsec_" + secrets.token_urlsafe(32)


class Endpoint(models.Model):
    """A URL that a merchant has registered to hear about events."""

    merchant = models.ForeignKey(
        "accounts.Merchant", on_delete=models.CASCADE, related_name="endpoints"
    )
    url = models.URLField(max_length=500)
    secret = models.CharField(max_length=80, default=_new_secret)
    topics = models.JSONField(default=list, blank=True)
    enabled = models.BooleanField(default=True)
    failures_in_a_row = models.PositiveIntegerField(default=0)
    disabled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["merchant_id", "pk"]

    def __str__(self):
        return self.url

    def wants(self, topic):
        return (
            not self.topics
            or topic in self.topics
            or topic.split(".")[0] + ".*" in self.topics
        )

    def disable(self):
        self.enabled = False
        self.disabled_at = timezone.now()
        self.save(update_fields=["enabled", "disabled_at"])


class Delivery(models.Model):
    """One attempt, or row of attempts, to tell one endpoint about one event."""

    PENDING, DONE, FAILED = "pending", "done", "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    topic = models.CharField(max_length=100)
    body = models.JSONField()
    status = models.CharField(max_length=10, default=PENDING)
    attempts = models.PositiveIntegerField(default=0)
    last_status_code = models.IntegerField(null=True)
    last_error = models.TextField(blank=True)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["status", "due_at"])]
