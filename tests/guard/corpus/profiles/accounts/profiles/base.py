import abc


class ProfileBackend(abc.ABC):
    """Where profiles come from. Set ACCOUNTS_PROFILE_BACKEND to choose one."""

    @abc.abstractmethod
    def get(self, user_id):
        """The profile of a user; raises ProfileNotFound."""

    @abc.abstractmethod
    def find_by_email(self, email):
        """The profile, or None."""

    @abc.abstractmethod
    def save(self, user_id, **fields):
        """Create or change the profile, and return it."""

    @abc.abstractmethod
    def delete(self, user_id):
        """Forget the profile."""

    @abc.abstractmethod
    def search(self, text, limit=20):
        """Profiles whose name has the text in it."""
