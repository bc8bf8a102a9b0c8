import ldap3

from accounts.models import Profile
from accounts.profiles.base import ProfileBackend
from accounts.profiles.errors import ProfileNotFound

ATTRIBUTES = {
    "displayName": "display_name",
    "description": "bio",
    "preferredLanguage": "locale",
    "telephoneNumber": "phone",
}


class LdapProfileBackend(ProfileBackend):
    """Profiles from a customer's company directory (the on-premise edition)."""

    def __init__(self, url, base_dn, bind_dn, password):
        self.base_dn = base_dn
        self.server = ldap3.Server(url)
        self.conn = ldap3.Connection(self.server, bind_dn, password, auto_bind=True)

    def _profile(self, entry):
        values = {
            ours: str(entry[theirs])
            for theirs, ours in ATTRIBUTES.items()
            if theirs in entry
        }
        return Profile(user_id=int(str(entry["uidNumber"])), **values)

    def _entries(self, query, limit=0):
        self.conn.search(
            self.base_dn,
            query,
            attributes=list(ATTRIBUTES) + ["uidNumber"],
            size_limit=limit,
        )
        return self.conn.entries

    def get(self, user_id):
        entries = self._entries("(uidNumber=%d)" % user_id)
        if not entries:
            raise ProfileNotFound(user_id)
        return self._profile(entries[0])

    def find_by_email(self, email):
        entries = self._entries(
            "(mail=%s)" % ldap3.utils.conv.escape_filter_chars(email)
        )
        return self._profile(entries[0]) if entries else None

    def save(self, user_id, **fields):
        entry = self._entries("(uidNumber=%d)" % user_id)[0]
        theirs = {ours: name for name, ours in ATTRIBUTES.items()}
        changes = {
            theirs[k]: [(ldap3.MODIFY_REPLACE, [v])]
            for k, v in fields.items()
            if k in theirs
        }
        self.conn.modify(entry.entry_dn, changes)
        return self.get(user_id)

    def delete(self, user_id):
        raise PermissionError("the company directory deletes people itself")

    def search(self, text, limit=20):
        query = "(displayName=*%s*)" % ldap3.utils.conv.escape_filter_chars(text)
        return [self._profile(entry) for entry in self._entries(query, limit)]
