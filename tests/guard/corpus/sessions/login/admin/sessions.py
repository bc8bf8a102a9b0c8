from login import SessionStore


class AdminSessionStore(SessionStore):
    lifetime = 600.0

    async def create(self, user: str, **data):
        await self.revoke_all(user)
        return await super().create(user, **data)
