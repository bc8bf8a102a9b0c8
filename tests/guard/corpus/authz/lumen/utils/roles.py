import json
import os
import threading

ROLES_FILE = os.environ.get("LUMEN_ROLES", "/var/lib/lumen/roles.json")


class RoleManager:
    _instance = None
    _lock = threading.Lock()

    RIGHTS = {
        "admin": {"*"},
        "manager": {"reports", "users", "export"},
        "viewer": {"reports"},
    }

    def __init__(self, filename=ROLES_FILE):
        self.filename = filename
        self.assigned = {}
        if os.path.exists(filename):
            with open(filename) as f:
                self.assigned = json.load(f)

    @classmethod
    def instance(cls):
        with cls._lock:
            if cls._instance is None:
                cls._instance = cls()
            return cls._instance

    def assign(self, user, role):
        self.assigned.setdefault(user, []).append(role)
        self._save()

    def unassign(self, user, role):
        self.assigned[user].remove(role)
        self._save()

    def is_permitted(self, user, right):
        for role in self.assigned.get(user, []):
            if right in self.RIGHTS[role] or "*" in self.RIGHTS[role]:
                return True
        return False

    def _save(self):
        with open(self.filename, "w") as f:
            json.dump(self.assigned, f)
