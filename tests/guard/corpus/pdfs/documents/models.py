from django.db import models


class StoredDocument(models.Model):
    """A document as it went out; kept for ten years."""

    KINDS = [("invoice", "Invoice"), ("contract", "Contract"), ("letter", "Letter")]

    kind = models.CharField(max_length=20, choices=KINDS)
    template_name = models.CharField(max_length=120)
    context = models.JSONField(default=dict)
    file = models.FileField(upload_to="documents/%Y/%m/")
    checksum = models.CharField(max_length=64, db_index=True)
    pages = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.kind} {self.pk}"
