"""The store of user profiles. Everything that needs a profile comes here."""

import logging

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q

from accounts.models import Profile
from accounts.profiles.base import ProfileBackend
from accounts.profiles.errors import ProfileConflict, ProfileNotFound
from accounts.profiles.parts import FieldCleaner, ProfileCacheKeys

log = logging.getLogger(__name__)


class ProfileStore(ProfileBackend):
    """Reads and writes profiles in our own database, with a cache before it."""

    ttl = 15 * 60

    def __init__(self, using="default", cleaner=None):
        self.using = using
        self.keys = ProfileCacheKeys(using)
        self.cleaner = cleaner or FieldCleaner()

    def get(self, user_id):
        key = self.keys.by_user(user_id)
        profile = cache.get(key)
        if profile is not None:
            return profile
        try:
            profile = Profile.objects.using(self.using).get(user_id=user_id)
        except Profile.DoesNotExist:
            raise ProfileNotFound(user_id)
        cache.set(key, profile, self.ttl)
        return profile

    def get_many(self, user_ids):
        rows = Profile.objects.using(self.using).filter(user_id__in=list(user_ids))
        return {row.user_id: row for row in rows}

    def find_by_email(self, email):
        return (
            Profile.objects.using(self.using)
            .filter(user__email__iexact=email.strip())
            .first()
        )

    def save(self, user_id, revision=None, **fields):
        fields = self.cleaner.clean(fields)
        with transaction.atomic(using=self.using):
            rows = Profile.objects.using(self.using).filter(user_id=user_id)
            if not rows.exists():
                profile = Profile.objects.using(self.using).create(
                    user_id=user_id, **fields
                )
            else:
                if revision is not None:
                    rows = rows.filter(revision=revision)
                if not rows.update(revision=F("revision") + 1, **fields):
                    raise ProfileConflict(user_id)
                profile = Profile.objects.using(self.using).get(user_id=user_id)
        cache.delete(self.keys.by_user(user_id))
        log.info("profile %s saved: %s", user_id, ", ".join(sorted(fields)))
        return profile

    def delete(self, user_id):
        Profile.objects.using(self.using).filter(user_id=user_id).delete()
        cache.delete(self.keys.by_user(user_id))

    def exists(self, user_id):
        return Profile.objects.using(self.using).filter(user_id=user_id).exists()

    def search(self, text, limit=20):
        match = Q(display_name__icontains=text) | Q(bio__icontains=text)
        return list(Profile.objects.using(self.using).filter(match)[:limit])
