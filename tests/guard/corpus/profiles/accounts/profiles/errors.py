class ProfileError(Exception):
    """Base of everything the profiles package raises."""


class ProfileNotFound(ProfileError):
    def __init__(self, user_id):
        super().__init__("no profile for user %s" % user_id)
        self.user_id = user_id


class ProfileConflict(ProfileError):
    """Somebody else saved the profile in between."""
