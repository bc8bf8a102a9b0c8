from accounts.profiles.errors import ProfileConflict, ProfileNotFound
from accounts.profiles.store import ProfileStore

__all__ = ["ProfileStore", "ProfileNotFound", "ProfileConflict"]
