from types import SimpleNamespace

from accounts.profiles.base import ProfileBackend
from accounts.profiles.errors import ProfileNotFound


class InMemoryProfiles(ProfileBackend):
    """A dict in place of the profile store."""

    def __init__(self, **profiles):
        self.rows = dict(profiles)

    def get(self, user_id):
        try:
            return self.rows[user_id]
        except KeyError:
            raise ProfileNotFound(user_id)

    def find_by_email(self, email):
        for row in self.rows.values():
            if row.email == email:
                return row

    def save(self, user_id, **fields):
        row = self.rows.setdefault(user_id, SimpleNamespace(user_id=user_id))
        row.__dict__.update(fields)
        return row

    def delete(self, user_id):
        self.rows.pop(user_id, None)

    def search(self, text, limit=20):
        return [row for row in self.rows.values() if text in row.display_name][:limit]
