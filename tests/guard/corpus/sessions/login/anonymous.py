class NoSessions:
    """For the kiosk, where nobody logs in."""

    async def create(self, user, **data):
        return None

    async def load(self, key):
        return None

    async def renew(self, key):
        return None

    async def revoke(self, key):
        return None
