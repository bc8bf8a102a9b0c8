import logging
import time

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.profiles.base import ProfileBackend
from accounts.profiles.store import ProfileStore

audit_log = logging.getLogger("audit.profiles")


class AuditedProfiles(ProfileBackend):
    """Any profile backend, with a line in the audit log for each access."""

    def __init__(self, inner, actor):
        self.inner = inner
        self.actor = actor

    def _note(self, verb, what):
        audit_log.info("%s %s %s at %d", self.actor, verb, what, time.time())

    def get(self, user_id):
        self._note("read", user_id)
        return self.inner.get(user_id)

    def find_by_email(self, email):
        self._note("looked up", email)
        return self.inner.find_by_email(email)

    def save(self, user_id, **fields):
        self._note("changed %s of" % ",".join(fields), user_id)
        return self.inner.save(user_id, **fields)

    def delete(self, user_id):
        self._note("deleted", user_id)
        self.inner.delete(user_id)

    def search(self, text, limit=20):
        self._note("searched", text)
        return self.inner.search(text, limit)


class TenantProfileStore(ProfileStore):
    """The store of one tenant, in the tenant's own database."""

    def __init__(self, tenant, cleaner=None):
        super().__init__(using="tenant_%s" % tenant.slug, cleaner=cleaner)
        self.tenant = tenant

    def save(self, user_id, revision=None, **fields):
        fields.setdefault("locale", self.tenant.locale)
        return super().save(user_id, revision=revision, **fields)


class ProfileBackends:
    """Makes the backend that the settings ask for."""

    default = "accounts.profiles.store.ProfileStore"

    def for_request(self, request):
        if getattr(request, "tenant", None):
            return TenantProfileStore(request.tenant)
        backend = self.create()
        if request.user.is_staff:
            return AuditedProfiles(backend, request.user.pk)
        return backend

    def create(self):
        cls = import_string(getattr(settings, "ACCOUNTS_PROFILE_BACKEND", self.default))
        return cls(**getattr(settings, "ACCOUNTS_PROFILE_OPTIONS", {}))
