import csv
import hashlib

from django.utils import timezone

from trail.models import AuditEntry


class AuditLog:
    """Who did what to what, and when; nothing is ever taken out."""

    def __init__(self):
        self._listeners = []
        self._last = ""

    def record(self, actor, action, target):
        entry = AuditEntry.objects.create(actor=actor, action=action, target=target)
        self._last = hashlib.sha256(f"{self._last}{entry}".encode()).hexdigest()
        for listener in self._listeners:
            listener(entry)
        return entry

    def entries_for(self, target):
        return AuditEntry.objects.filter(target=target).order_by("at")

    def by_actor(self, actor):
        return AuditEntry.objects.filter(actor=actor).order_by("at")

    def export(self, file):
        writer = csv.writer(file)
        for entry in AuditEntry.objects.order_by("at"):
            writer.writerow([entry.at, entry.actor, entry.action, entry.target])

    def verify(self):
        digest = ""
        for entry in AuditEntry.objects.order_by("at"):
            digest = hashlib.sha256(f"{digest}{entry}".encode()).hexdigest()
        return digest == self._last

    def listen(self, listener):
        self._listeners.append(listener)
        self._since = timezone.now()


audit = AuditLog()
