from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ExperimentQuerySet(models.QuerySet):
    def running(self):
        now = timezone.now()
        return self.filter(starts_at__lte=now).filter(
            models.Q(ends_at=None) | models.Q(ends_at__gt=now)
        )


class Experiment(models.Model):
    slug = models.SlugField(unique=True)
    hypothesis = models.TextField(_("hypothesis"), blank=True)
    traffic = models.PositiveSmallIntegerField(_("traffic (%)"), default=100)
    countries = models.CharField(
        max_length=200, blank=True, help_text=_("ISO codes; empty means all")
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]

    def __str__(self):
        return self.slug


class Variant(models.Model):
    experiment = models.ForeignKey(
        Experiment, related_name="variants", on_delete=models.CASCADE
    )
    name = models.CharField(max_length=40)
    weight = models.PositiveSmallIntegerField(default=1)
    is_control = models.BooleanField(default=False)

    class Meta:
        unique_together = [("experiment", "name")]
        ordering = ["pk"]


class Enrolment(models.Model):
    """A user's variant, once and for all."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE)
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE)
    forced = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    exposed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        unique_together = [("user", "experiment")]
