from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Profile(models.Model):
    """What we know about a person beside the login."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile"
    )
    display_name = models.CharField(_("display name"), max_length=80)
    bio = models.TextField(blank=True)
    locale = models.CharField(max_length=12, default="en")
    timezone = models.CharField(max_length=40, default="UTC")
    phone = models.CharField(max_length=30, blank=True)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "accounts_profile"
        ordering = ["display_name"]

    def __str__(self):
        return self.display_name

    @property
    def initials(self):
        return "".join(word[0] for word in self.display_name.split() if word)[
            :2
        ].upper()

    def is_complete(self):
        return bool(self.display_name and self.bio)


class LoginEvent(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)
    ip = models.GenericIPAddressField()
